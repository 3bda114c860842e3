import torch
import torch.nn.functional as F


def d_r1(real_pred, real):
    (g,) = torch.autograd.grad(real_pred.sum(), real, create_graph=True)
    return g.pow(2).flatten(1).sum(1).mean()


def train(loader, G, D, g_optim, d_optim, iters, d_reg_every=16, r1=10):
    loader = iter(loader)
    for i in range(iters):
        real = next(loader)
        for p in G.parameters():
            p.requires_grad_(False)
        for p in D.parameters():
            p.requires_grad_(True)
        fake = G(torch.randn(real.shape[0], 512))
        d_loss = F.softplus(D(fake)).mean() + F.softplus(-D(real)).mean()
        D.zero_grad()
        d_loss.backward()
        d_optim.step()
        if i % d_reg_every == 0:
            real.requires_grad = True
            pred = D(real)
            r1_loss = d_r1(pred, real)
            D.zero_grad()
            (r1 / 2 * r1_loss * d_reg_every + 0 * pred[0]).sum().backward()
            d_optim.step()
        for p in G.parameters():
            p.requires_grad_(True)
        for p in D.parameters():
            p.requires_grad_(False)
        g_loss = F.softplus(-D(G(torch.randn(real.shape[0], 512)))).mean()
        G.zero_grad()
        g_loss.backward()
        g_optim.step()
