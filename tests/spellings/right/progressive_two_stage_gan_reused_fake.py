import torch


def train(G, D, loader, og, od, nz):
    for x in loader:
        z = torch.randn(len(x), nz)
        fake = G(z)
        for p in D.parameters():
            p.requires_grad = False
        og.zero_grad()
        (-D(fake).mean()).backward()
        og.step()
        for p in D.parameters():
            p.requires_grad = True
        od.zero_grad()
        (D(fake.detach()).mean() - D(x).mean()).backward()
        od.step()
