import torch


def train(enc, head, loader, crit, slow=8, fast=2):
    opt_e = torch.optim.SGD(enc.parameters(), lr=0.01)
    opt_h = torch.optim.SGD(head.parameters(), lr=0.1)
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        loss = crit(head(enc(x)), y)
        loss.backward()
        if (i + 1) % fast == 0 or i + 1 == n:
            for p in head.parameters():
                p.grad.div_(fast)
            opt_h.step()
            opt_h.zero_grad()
        if (i + 1) % slow == 0 or i + 1 == n:
            for p in enc.parameters():
                p.grad.div_(slow)
            opt_e.step()
            opt_e.zero_grad()
