import torch


def invert(model, target, steps=500):
    z = torch.randn(1, 128, requires_grad=True)
    opt = torch.optim.Adam([z], lr=0.05)
    for p in model.parameters():
        p.requires_grad_(False)
    for _ in range(steps):
        loss = (model(z) - target).pow(2).mean()
        loss.backward()
        opt.step()  # expect: ACC001
    return z
