import torch


def dream(model, image, layer, iterations=20, lr=0.01):
    image = image.clone().requires_grad_(True)
    for _ in range(iterations):
        act = model.features[:layer](image)
        loss = act.norm()
        loss.backward()
        with torch.no_grad():
            g = image.grad
            image += lr * g / (g.abs().mean() + 1e-8)
        image.grad.zero_()
        model.zero_grad()
    return image.detach()


def invert(model, target, steps=500):
    z = torch.randn(1, 128, requires_grad=True)
    opt = torch.optim.Adam([z], lr=0.05)
    for p in model.parameters():
        p.requires_grad_(False)
    for _ in range(steps):
        opt.zero_grad()
        (model(z) - target).pow(2).mean().backward()
        opt.step()
    return z
