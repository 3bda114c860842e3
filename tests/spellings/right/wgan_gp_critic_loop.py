import torch
from torch import autograd, nn


def gradient_penalty(critic, real, fake):
    eps = torch.rand(real.size(0), 1, 1, 1, device=real.device)
    mix = (eps * real + (1 - eps) * fake).requires_grad_(True)
    score = critic(mix)
    (grad,) = autograd.grad(score.sum(), mix, create_graph=True)
    return ((grad.flatten(1).norm(2, dim=1) - 1) ** 2).mean()


def train(gen, critic, loader, opt_g, opt_c, n_critic=5, lam=10.0, epochs=1):
    it = 0
    for _ in range(epochs):
        for real, _ in loader:
            z = torch.randn(real.size(0), 128, device=real.device)
            with torch.no_grad():
                fake = gen(z)
            loss_c = critic(fake).mean() - critic(real).mean() + lam * gradient_penalty(critic, real, fake)
            opt_c.zero_grad()
            loss_c.backward()
            opt_c.step()
            it += 1
            if it % n_critic == 0:
                opt_g.zero_grad()
                loss_g = -critic(gen(torch.randn_like(z))).mean()
                loss_g.backward()
                opt_g.step()
