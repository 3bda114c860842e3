import torch


def train(G, D, loader, accum):
    """What the generator's windows leave in the discriminator, 1/N each, is thrown away on purpose."""
    opt_g = torch.optim.Adam(G.parameters())
    opt_d = torch.optim.Adam(D.parameters())
    batches = iter(loader)
    for _ in range(1000):
        opt_g.zero_grad()
        for _ in range(accum):
            (-D(G(next(batches))).mean() / accum).backward()
        opt_g.step()
        opt_d.zero_grad()
        for _ in range(accum):
            real = next(batches)
            ((D(G(real).detach()).mean() - D(real).mean()) / accum).backward()
        opt_d.step()


def train_in_turns(G, D, loader, accum):
    opt_g = torch.optim.Adam(G.parameters())
    opt_d = torch.optim.Adam(D.parameters())
    for i, real in enumerate(loader):
        fake = G(real)
        opt_d.zero_grad()
        if i % accum:
            (-D(fake).mean() / accum).backward()
        else:
            ((D(fake.detach()).mean() - D(real).mean()) / accum).backward()
            opt_d.step()
            opt_g.step()
            opt_g.zero_grad()
