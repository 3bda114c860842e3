def train(model, loader, opt, crit, accum, penalty):
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y) / accum
        boundary = (i + 1) % accum == 0 or i + 1 == len(loader)
        if boundary:
            loss = loss + penalty(model)
        loss.backward()
        if boundary:
            opt.step()
            opt.zero_grad()
