import torch


def one(model, loader, opt, crit, k):
    for i, (x, y) in enumerate(loader):
        crit(model(x), y).mul(1.0 / k).backward()
        if (i + 1) % k == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()


def two(model, loader, opt, crit, k):
    for i, (x, y) in enumerate(loader):
        loss = torch.true_divide(crit(model(x), y), k)
        loss.backward()
        if (i + 1) % k == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()


def three(model, loader, opt, crit, k):
    for i, (x, y) in enumerate(loader):
        loss = torch.mul(crit(model(x), y), 1 / k)
        loss.backward()
        if (i + 1) % k == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
