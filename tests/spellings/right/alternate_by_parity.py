import torch


def train(a, b, loader, crit, oa_lr=0.1):
    opt_a = torch.optim.SGD(a.parameters(), lr=oa_lr)
    opt_b = torch.optim.SGD(b.parameters(), lr=oa_lr)
    for i, (x, y) in enumerate(loader):
        if i % 2 == 0:
            opt_a.zero_grad()
            crit(a(x), y).backward()
            opt_a.step()
        else:
            opt_b.zero_grad()
            crit(b(x), y).backward()
            opt_b.step()
