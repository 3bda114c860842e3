import torch


def fit(net, pde_loss, adam_iters=1000, lbfgs_iters=50):
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)
    for i in range(adam_iters):
        adam.zero_grad()
        loss = pde_loss(net)
        loss.backward()
        adam.step()
    lbfgs = torch.optim.LBFGS(net.parameters(), max_iter=100)

    def closure():
        if torch.is_grad_enabled():
            lbfgs.zero_grad()
        loss = pde_loss(net)
        if loss.requires_grad:
            loss.backward()
        return loss

    for _ in range(lbfgs_iters):
        lbfgs.step(closure)
