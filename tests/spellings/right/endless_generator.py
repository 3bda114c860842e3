def forever(loader):
    while True:
        for batch in loader:
            yield batch


def over_and_over(loader):
    while True:
        yield from loader


def fit(model, opt, loader, crit, accum):
    for i, (x, y) in enumerate(forever(loader)):
        (crit(model(x), y) / accum).backward()
        if (i + 1) % accum == 0:
            opt.step()
            opt.zero_grad()


def fit_up_to(model, opt, loader, crit, accum):
    for i, (x, y) in enumerate(over_and_over(loader)):
        (crit(model(x), y) / accum).backward()
        if (i + 1) % accum == 0:
            opt.step()
            opt.zero_grad()
        if i >= 100_000 * accum - 1:
            break
