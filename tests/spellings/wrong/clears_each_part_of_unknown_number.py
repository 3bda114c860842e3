def by_number(model, opt, loader, crit):
    for batch in loader:
        opt.zero_grad()
        for j in range(len(batch)):
            x, y = batch[j]
            opt.zero_grad()  # expect: ACC002
            (crit(model(x), y) / len(batch)).backward()
        opt.step()


def by_place(model, opt, loader, crit, mb):
    for x, y in loader:
        pos = 0
        while pos < len(x):
            a, b = x[pos : pos + mb], y[pos : pos + mb]
            opt.zero_grad()  # expect: ACC002
            (crit(model(a), b) * len(a) / len(x)).backward()
            pos += mb
        opt.step()
