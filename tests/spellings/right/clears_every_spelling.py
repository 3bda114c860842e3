import torch


def grad_none(model, opt, loader, crit):
    for x, y in loader:
        for p in model.parameters():
            p.grad = None
        crit(model(x), y).backward()
        opt.step()


def grad_zero(model, opt, loader, crit):
    for x, y in loader:
        crit(model(x), y).backward()
        opt.step()
        for param in model.parameters():
            if param.grad is not None:
                param.grad.zero_()


def data_zero(model, opt, loader, crit):
    for x, y in loader:
        loss = crit(model(x), y)
        for p in model.parameters():
            if p.grad is not None:
                p.grad.data.zero_()
        loss.backward()
        opt.step()


def list_of_optimizers(nets, opts, loader, crit):
    for x, y in loader:
        loss = sum(crit(n(x), y) for n in nets)
        [o.zero_grad() for o in opts]
        loss.backward()
        [o.step() for o in opts]


def groups(model, opt, loader, crit):
    for x, y in loader:
        for group in opt.param_groups:
            for p in group["params"]:
                p.grad = None
        crit(model(x), y).backward()
        opt.step()


def named(model, opt, loader, crit):
    for x, y in loader:
        crit(model(x), y).backward()
        opt.step()
        for name, p in model.named_parameters():
            p.grad = None
