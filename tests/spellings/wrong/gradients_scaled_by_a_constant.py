"""A constant on the gradients is no division by the window."""


def train(model, loader, opt, crit, accum):
    for i, (x, y) in enumerate(loader):
        crit(model(x), y).backward()  # expect: ACC003
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            for p in model.parameters():
                p.grad[:] = p.grad * 0.5
            opt.step()
            opt.zero_grad()
