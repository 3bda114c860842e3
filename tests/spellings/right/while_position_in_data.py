def train(model, xs, ys, opt, crit, bs, accum, epochs):
    for e in range(epochs):
        opt.zero_grad()
        i, k = 0, 0
        while i < len(xs):
            loss = crit(model(xs[i : i + bs]), ys[i : i + bs]) / accum
            loss.backward()
            i += bs
            k += 1
            if k == accum or i >= len(xs):
                opt.step()
                opt.zero_grad()
                k = 0
