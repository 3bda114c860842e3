import torch


def fit(net, pde_loss, n_adam=5000, n_lbfgs=50):
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)
    for it in range(n_adam):
        adam.zero_grad()
        pde_loss(net).backward()
        adam.step()
    lbfgs = torch.optim.LBFGS(net.parameters(), max_iter=20)
    for it in range(n_lbfgs):
        lbfgs.zero_grad()

        def closure():
            loss = pde_loss(net)
            loss.backward()
            return loss

        lbfgs.step(closure)  # expect: ACC001
