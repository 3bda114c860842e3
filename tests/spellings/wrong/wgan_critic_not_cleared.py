import torch


def train(G, D, loader, nz, n_critic=5, clip=0.01):
    optimizer_G = torch.optim.RMSprop(G.parameters(), lr=5e-5)
    optimizer_D = torch.optim.RMSprop(D.parameters(), lr=5e-5)
    for i, (imgs, _) in enumerate(loader):
        z = torch.randn(imgs.size(0), nz)
        loss_D = -torch.mean(D(imgs)) + torch.mean(D(G(z).detach()))
        loss_D.backward()
        optimizer_D.step()  # expect: ACC001
        for p in D.parameters():
            p.data.clamp_(-clip, clip)
        if i % n_critic == 0:
            optimizer_G.zero_grad()
            loss_G = -torch.mean(D(G(z)))
            loss_G.backward()
            optimizer_G.step()
