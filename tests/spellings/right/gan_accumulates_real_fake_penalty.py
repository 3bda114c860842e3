import torch
import torch.nn.functional as F


def train(G, D, loader, opt_g, opt_d, accum, nz, r1_gamma=10.0):
    opt_g.zero_grad(set_to_none=True)
    opt_d.zero_grad(set_to_none=True)
    n = len(loader)
    for i, real in enumerate(loader):
        last = (i + 1) % accum == 0 or i + 1 == n
        D.requires_grad_(True)
        fake = G(torch.randn(len(real), nz)).detach()
        (F.softplus(D(fake)).mean() / accum).backward()
        real.requires_grad_(True)
        logits = D(real)
        (F.softplus(-logits).mean() / accum).backward(retain_graph=True)
        r1 = torch.autograd.grad(logits.sum(), real, create_graph=True)[0].square().sum([1, 2, 3]).mean()
        (0.5 * r1_gamma * r1 / accum).backward()
        if last:
            opt_d.step()
            opt_d.zero_grad(set_to_none=True)
        D.requires_grad_(False)
        (F.softplus(-D(G(torch.randn(len(real), nz)))).mean() / accum).backward()
        if last:
            opt_g.step()
            opt_g.zero_grad(set_to_none=True)
