import torch
import torch.nn.functional as F


def train_gan(G, D, loader, opt_g, opt_d, z_dim, k=4):
    n = len(loader)
    opt_d.zero_grad()
    opt_g.zero_grad()
    for i, real in enumerate(loader):
        boundary = (i + 1) % k == 0 or i + 1 == n
        z = torch.randn(real.size(0), z_dim)
        D.requires_grad_(True)
        fake = G(z)
        d_real = F.softplus(-D(real)).mean() / k
        d_real.backward()
        d_fake = F.softplus(D(fake.detach())).mean() / k
        d_fake.backward()

        D.requires_grad_(False)
        g_loss = F.softplus(-D(fake)).mean() / k
        g_loss.backward()
        if boundary:
            opt_d.step()
            opt_d.zero_grad()
            opt_g.step()
            opt_g.zero_grad()
