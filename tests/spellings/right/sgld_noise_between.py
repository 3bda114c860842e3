import torch


def sgld(model, loader, crit, lr):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for x, y in loader:
        opt.zero_grad()
        crit(model(x), y).backward()
        for p in model.parameters():
            p.grad.add_(torch.randn_like(p) * (2 / lr) ** 0.5)
        opt.step()
