import torch
import torch.nn.functional as F


def train(G, D, loader, device):
    opt_g = torch.optim.Adam(G.parameters(), lr=2e-4, betas=(0.5, 0.999))
    opt_d = torch.optim.Adam(D.parameters(), lr=2e-4, betas=(0.5, 0.999))
    for real, _ in loader:
        real = real.to(device)
        z = torch.randn(real.size(0), 100, device=device)
        fake = G(z)
        opt_d.zero_grad()
        loss_d = F.relu(1 - D(real)).mean() + F.relu(1 + D(fake.detach())).mean()
        loss_d.backward()  # expect: ACC017

        opt_g.zero_grad()
        loss_g = -D(fake).mean()
        loss_g.backward()
        opt_g.step()
