def train(model, a, b, opt, crit, n_a, n_b, steps, penalty):
    for _ in range(steps):
        opt.zero_grad()
        for _ in range(n_a):
            x, y = next(a)
            (crit(model(x), y) / n_a).backward()
        for _ in range(n_b):
            x, y = next(b)
            (crit(model(x), y) / n_b).backward()
        penalty(model).backward()
        opt.step()
