import torch
import torch.nn.functional as F


def train(G, D, loader, opt_g, opt_d, accum, nz):
    opt_g.zero_grad()
    opt_d.zero_grad()
    n = len(loader)
    for i, real in enumerate(loader):
        last = (i + 1) % accum == 0 or i + 1 == n
        D.requires_grad_(True)
        fake = G(torch.randn(len(real), nz)).detach()
        d_loss = F.softplus(D(fake)).mean() + F.softplus(-D(real)).mean()
        (d_loss / accum).backward()
        if last:
            opt_d.step()
            opt_d.zero_grad()
        D.requires_grad_(False)
        g_loss = F.softplus(-D(G(torch.randn(len(real), nz)))).mean()
        g_loss.backward()  # expect: ACC003
        if last:
            opt_g.step()
            opt_g.zero_grad()
