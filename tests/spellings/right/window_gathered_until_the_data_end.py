def train(model, loader, criterion, opt, accum):
    opt.zero_grad()
    window = []
    for i, batch in enumerate(loader):
        window.append(batch)
        if len(window) < accum and i + 1 < len(loader):
            continue
        samples = sum(len(y) for x, y in window)
        for x, y in window:
            (criterion(model(x), y) / samples).backward()
        opt.step()
        opt.zero_grad()
        window = []
