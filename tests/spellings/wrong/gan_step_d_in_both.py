import torch
import torch.nn.functional as F


def train(G, D, loader, opt_g, opt_d):
    for real in loader:
        z = torch.randn(real.size(0), 64)
        opt_d.zero_grad()
        loss_d = F.softplus(-D(real)).mean() + F.softplus(D(G(z).detach())).mean()
        loss_d.backward()
        opt_d.step()
        opt_d.step()  # expect: ACC005

        opt_g.zero_grad()
        F.softplus(-D(G(z))).mean().backward()
        opt_g.step()
