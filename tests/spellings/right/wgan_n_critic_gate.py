import torch
from torch import autograd


def gp(D, real, fake):
    a = torch.rand(real.size(0), 1, 1, 1)
    inter = (a * real + (1 - a) * fake).requires_grad_(True)
    d = D(inter)
    g = autograd.grad(d, inter, torch.ones_like(d), create_graph=True, retain_graph=True)[0]
    return ((g.flatten(1).norm(2, 1) - 1) ** 2).mean()


def train(G, D, loader, nz, n_critic=5, lam=10):
    optimizer_G = torch.optim.Adam(G.parameters(), lr=2e-4, betas=(0.5, 0.9))
    optimizer_D = torch.optim.Adam(D.parameters(), lr=2e-4, betas=(0.5, 0.9))
    for i, (imgs, _) in enumerate(loader):
        optimizer_D.zero_grad()
        z = torch.randn(imgs.size(0), nz)
        fake = G(z)
        d_loss = -D(imgs).mean() + D(fake.detach()).mean() + lam * gp(D, imgs, fake.detach())
        d_loss.backward()
        optimizer_D.step()
        optimizer_G.zero_grad()
        if i % n_critic == 0:
            g_loss = -D(G(z)).mean()
            g_loss.backward()
            optimizer_G.step()
