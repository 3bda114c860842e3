def update(opt, ready, zero=True):
    if not ready:
        return False
    opt.step()
    if zero:
        opt.zero_grad()
    return True


def train(model, loader, opt, crit, accum):
    done = 0
    for i, (x, y) in enumerate(loader):
        (crit(model(x), y) / accum).backward()
        done += update(opt, (i + 1) % accum == 0 or i + 1 == len(loader))
