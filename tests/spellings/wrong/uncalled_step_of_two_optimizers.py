import torch


def fit(G, D, loader, crit):
    opt_G = torch.optim.Adam(G.parameters())
    opt_D = torch.optim.Adam(D.parameters())
    for z, x in loader:
        opt_D.zero_grad()
        crit(D(x), D(G(z).detach())).backward()
        opt_D.step  # expect: ACC011
        opt_G.zero_grad()
        (-D(G(z)).mean()).backward()
        opt_G.step()
