import torch


def train(G, D, loader, z, n_critic=5):
    og = torch.optim.RMSprop(G.parameters())
    od = torch.optim.RMSprop(D.parameters())
    for i, real in enumerate(loader):
        od.zero_grad()
        (D(G(z(real)).detach()).mean() - D(real).mean()).backward()
        od.step()
        if (i + 1) % n_critic == 0:
            (-D(G(z(real))).mean()).backward()
            og.step()  # expect: ACC001
