import torch
from torch import nn, optim


def train_pate(generator, discriminator, teachers, data_parts, latent_dim, batch, steps):
    criterion = nn.BCEWithLogitsLoss()
    optimizer_g = optim.Adam(generator.parameters(), lr=1e-4)
    optimizer_s = optim.Adam(discriminator.parameters(), lr=1e-4)
    optimizer_t = [optim.Adam(t.parameters(), lr=1e-4) for t in teachers]
    for step in range(steps):
        for i, teacher in enumerate(teachers):
            optimizer_t[i].zero_grad()
            real = next(data_parts[i])
            out = teacher(real)
            loss = criterion(out, torch.ones_like(out))
            fake = generator(torch.randn(batch, latent_dim)).detach()
            out_f = teacher(fake)
            (loss + criterion(out_f, torch.zeros_like(out_f))).backward()
            optimizer_t[i].step()

        fake = generator(torch.randn(batch, latent_dim)).detach()
        votes = torch.stack([t(fake) for t in teachers]).gt(0).float().mean(0).round().detach()
        loss_s = criterion(discriminator(fake), votes)
        loss_s.backward()
        optimizer_s.step()  # expect: ACC001

        optimizer_g.zero_grad()
        discriminator.requires_grad_(False)
        out = discriminator(generator(torch.randn(batch, latent_dim)))
        criterion(out, torch.ones_like(out)).backward()
        optimizer_g.step()
        discriminator.requires_grad_(True)
