import torch


def a(model, loader, opt, crit, n):
    total = len(loader)
    for i, (x, y) in enumerate(loader):
        (crit(model(x), y) / n).backward()
        window, pos = divmod(i, n)
        if pos != n - 1 and i != total - 1:
            continue
        opt.step()
        opt.zero_grad()


def b(model, loader, opt, crit, n):
    for i, (x, y) in enumerate(loader, start=1):
        (crit(model(x), y) / n).backward()
        if i % n and i < len(loader):
            continue
        opt.step()
        opt.zero_grad()


def c(model, loader, opt, crit, n):
    for i, (x, y) in enumerate(loader):
        (crit(model(x), y) / n).backward()
        if i % n == n - 1 or i == len(loader) - 1:
            opt.step()
            opt.zero_grad()
