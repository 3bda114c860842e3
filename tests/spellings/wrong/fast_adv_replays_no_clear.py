import torch


def train(model, loader, opt, crit, n_repeats=4, clip_eps=4 / 255):
    noise = None
    for x, y in loader:
        if noise is None:
            noise = torch.zeros_like(x)
        for j in range(n_repeats):
            delta = noise[: x.size(0)].clone().requires_grad_(True)
            loss = crit(model((x + delta).clamp(0, 1)), y)
            loss.backward()
            noise[: x.size(0)] += clip_eps * delta.grad.sign()
            noise.clamp_(-clip_eps, clip_eps)
            opt.step()  # expect: ACC001
