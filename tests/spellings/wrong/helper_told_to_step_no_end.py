def update(opt, ready):
    if ready:
        opt.step()
        opt.zero_grad()


def train(model, loader, opt, crit, accum):
    for i, (x, y) in enumerate(loader):
        (crit(model(x), y) / accum).backward()
        update(opt, (i + 1) % accum == 0)  # expect: ACC004
