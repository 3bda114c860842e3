import torch

model = torch.nn.Linear(4, 1)
x, y = torch.randn(64, 4), torch.randn(64, 1)
optimizer = torch.optim.LBFGS(model.parameters(), lr=0.1)
loss_fn = torch.nn.MSELoss()


def closure():
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    return loss


for step in range(15):
    optimizer.step(closure)
