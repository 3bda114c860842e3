def train(model, it, opt, crit, grad_accum, steps):
    for _ in range(steps):
        x, y = next(it)
        (crit(model(x), y) / grad_accum).backward()
        for _ in range(1, grad_accum + 1):
            x, y = next(it)
            (crit(model(x), y) / grad_accum).backward()
        opt.step()  # expect: ACC016
        opt.zero_grad()
