import torch


def train(critic, gen, loader, oc, z_dim, lam=10.0):
    for real in loader:
        fake = gen(torch.randn(len(real), z_dim)).detach()
        eps = torch.rand(len(real), 1)
        mix = (eps * real + (1 - eps) * fake).requires_grad_()
        (grad,) = torch.autograd.grad(critic(mix).sum(), mix, create_graph=True)
        gp = ((grad.norm(2, dim=1) - 1) ** 2).mean()
        (critic(fake).mean() - critic(real).mean()).backward()
        oc.zero_grad()  # expect: ACC002|ACC012
        (lam * gp).backward()
        oc.step()
