def tbptt(model, loader, opt, T=100, k=20):
    for x, y in loader:
        h = None
        opt.zero_grad()
        for t in range(0, T, k):
            out, h = model(x[:, t : t + k], h)
            h = h.detach()
            model.loss(out, y[:, t : t + k]).backward()
        opt.step()
