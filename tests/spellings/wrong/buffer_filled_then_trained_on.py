def train(model, opt, loader, crit, accum):
    buf = []
    for b in loader:
        buf.append(b)
        if len(buf) == accum:
            opt.zero_grad()
            for x, y in buf:
                crit(model(x), y).backward()  # expect: ACC003
            opt.step()
            buf = []


def by_default(model, opt, loader, crit, accum=4):
    held = []
    for b in loader:
        held.append(b)
        if len(held) < accum:
            continue
        opt.zero_grad()
        for x, y in held:
            crit(model(x), y).backward()  # expect: ACC003
        opt.step()
        held.clear()
