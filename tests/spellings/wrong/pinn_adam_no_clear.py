import torch


class PINN(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.net = torch.nn.Sequential(torch.nn.Linear(2, 20), torch.nn.Tanh(), torch.nn.Linear(20, 1))

    def forward(self, x):
        return self.net(x)


def residual(model, xt):
    xt = xt.requires_grad_(True)
    u = model(xt)
    g = torch.autograd.grad(u.sum(), xt, create_graph=True)[0]
    uxx = torch.autograd.grad(g[:, 0].sum(), xt, create_graph=True)[0][:, 0]
    return g[:, 1] - 0.01 * uxx


model = PINN()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for it in range(5000):
    xt = torch.rand(256, 2)
    loss = residual(model, xt).pow(2).mean()
    loss.backward()
    optimizer.step()  # expect: ACC001
    if it % 500 == 0:
        print(it, loss.item())
