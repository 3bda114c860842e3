"""The window's gradients divided before the step, each time in another spelling."""


def assigned(model, loader, opt, crit, accum):
    for i, (x, y) in enumerate(loader):
        crit(model(x), y).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            for p in model.parameters():
                p.grad = p.grad.mul(1.0 / accum)
            opt.step()
            opt.zero_grad()


def written_to_data(model, loader, opt, crit, accum):
    for i, (x, y) in enumerate(loader):
        crit(model(x), y).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            for p in model.parameters():
                p.grad.data = p.grad.data / accum
            opt.step()
            opt.zero_grad()


def copied(model, loader, opt, crit, accum):
    for i, (x, y) in enumerate(loader):
        crit(model(x), y).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            for p in model.parameters():
                p.grad.copy_(p.grad / accum)
            opt.step()
            opt.zero_grad()
