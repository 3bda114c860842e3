import torch


def quarters(net, opt, loader):
    for i, (x, y) in enumerate(loader):
        loss = torch.nn.functional.cross_entropy(net(x), y) * 0.25
        loss.backward()
        if i % 4 == 3 or i == len(loader) - 1:
            opt.step()
            opt.zero_grad()


def tenths(net, opt, loader):
    for i, (x, y) in enumerate(loader):
        torch.nn.functional.cross_entropy(net(x), y).mul(0.1).backward()
        if (i + 1) % 10 == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
