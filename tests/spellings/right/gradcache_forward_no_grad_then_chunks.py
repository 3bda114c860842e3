import torch


def train(enc, loader, opt, loss_fn, chunk=8):
    for x, y in loader:
        opt.zero_grad()
        with torch.no_grad():
            reps = torch.cat([enc(c) for c in x.split(chunk)])
        reps.requires_grad_()
        loss = loss_fn(reps, y)
        loss.backward()
        cache = reps.grad.split(chunk)
        for c, g in zip(x.split(chunk), cache):
            enc(c).backward(gradient=g)
        opt.step()
