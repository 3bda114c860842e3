import torch


def train(critic, gen, loader, oc, og, z_dim, n_critic=5, lam=10.0):
    data = iter(loader)
    for step in range(10000):
        for _ in range(n_critic):
            real = next(data)
            fake = gen(torch.randn(len(real), z_dim)).detach()
            eps = torch.rand(len(real), 1)
            mix = (eps * real + (1 - eps) * fake).requires_grad_()
            (grad,) = torch.autograd.grad(critic(mix).sum(), mix, create_graph=True)
            gp = ((grad.norm(2, dim=1) - 1) ** 2).mean()
            oc.zero_grad()
            (critic(fake).mean() - critic(real).mean()).backward()
            (lam * gp).backward()
            oc.step()
        og.zero_grad()
        (-critic(gen(torch.randn(64, z_dim))).mean()).backward()
        og.step()
