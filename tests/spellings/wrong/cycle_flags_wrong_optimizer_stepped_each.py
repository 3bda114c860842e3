import torch


def train(G, E, loader, criterion, accum=4):
    opt_g = torch.optim.Adam(G.parameters())
    opt_e = torch.optim.Adam(E.parameters())
    for i, (x, y) in enumerate(loader):
        loss = criterion(G(E(x)), y) / accum
        loss.backward()
        opt_e.step()  # expect: ACC005
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt_g.step()
            opt_g.zero_grad()
            opt_e.zero_grad()
