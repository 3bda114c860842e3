def train(model, loader, opt, crit, n):
    for i, (x, y) in enumerate(loader, 1):
        if i % n and i != len(loader):
            with model.no_sync():
                (crit(model(x), y) / n).backward()
        else:
            crit(model(x), y).backward()  # expect: ACC003
            opt.step()
            opt.zero_grad()
