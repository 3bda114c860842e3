def over_and_over(loader):
    while True:
        yield from loader


def once(loader):
    yield from loader


def unscaled(model, opt, loader, crit, accum):
    for i, (x, y) in enumerate(over_and_over(loader)):
        crit(model(x), y).backward()  # expect: ACC003
        if (i + 1) % accum == 0:
            opt.step()
            opt.zero_grad()


def not_flushed(model, opt, loader, crit, accum):
    for epoch in range(10):
        for i, (x, y) in enumerate(once(loader)):
            (crit(model(x), y) / accum).backward()
            if (i + 1) % accum == 0:  # expect: ACC004
                opt.step()
                opt.zero_grad()
