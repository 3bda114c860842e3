import torch


def step(net, opt, batch, n_micro, loss_fn):
    opt.zero_grad(set_to_none=True)
    bs = batch["image"].shape[0]
    size = bs // n_micro
    for k in range(n_micro):
        sl = slice(k * size, bs if k == n_micro - 1 else (k + 1) * size)
        img, lab = batch["image"][sl], batch["label"][sl]
        loss = loss_fn(net(img), lab)
        frac = img.shape[0] / bs
        (loss * frac).backward()
    opt.step()
