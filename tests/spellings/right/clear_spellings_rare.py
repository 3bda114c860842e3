import torch


def a(model, opt, loader, crit):
    for x, y in loader:
        crit(model(x), y).backward()
        opt.step()
        for p in model.parameters():
            p.grad *= 0


def b(model, opt, loader, crit):
    for x, y in loader:
        crit(model(x), y).backward()
        opt.step()
        for p in model.parameters():
            p.grad.data.fill_(0)


def c(model, opt, loader, crit):
    params = list(model.parameters())
    for x, y in loader:
        crit(model(x), y).backward()
        opt.step()
        torch._foreach_zero_([p.grad for p in params])


def d(model, opt, loader, crit):
    for x, y in loader:
        model.zero_grad(True)
        crit(model(x), y).backward()
        opt.step()


def e(model, opt, loader, crit):
    for x, y in loader:
        for p in model.parameters():
            if p.grad is not None:
                p.grad.detach_()
                p.grad.zero_()
        crit(model(x), y).backward()
        opt.step()
