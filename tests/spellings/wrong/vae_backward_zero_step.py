import torch
from torch import optim


def train_vae(vae, loader, epochs, beta=1.0):
    opt = optim.RMSprop(vae.parameters(), lr=1e-4)
    for epoch in range(epochs):
        total = 0.0
        for x, _ in loader:
            recon, mu, logvar = vae(x)
            rec = torch.nn.functional.binary_cross_entropy(recon, x, reduction="sum")
            kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
            loss = rec + beta * kld
            loss.backward()
            opt.zero_grad()  # expect: ACC012
            opt.step()
            total += loss.item()
