import itertools

import torch


def train(G_AB, G_BA, D_A, D_B, loader, gan_loss, cycle):
    optimizer_G = torch.optim.Adam(itertools.chain(G_AB.parameters(), G_BA.parameters()), lr=2e-4)
    optimizer_D_A = torch.optim.Adam(D_A.parameters(), lr=2e-4)
    optimizer_D_B = torch.optim.Adam(D_B.parameters(), lr=2e-4)
    for real_A, real_B in loader:
        optimizer_G.zero_grad()
        fake_B, fake_A = G_AB(real_A), G_BA(real_B)
        loss_G = gan_loss(D_B(fake_B), True) + gan_loss(D_A(fake_A), True) + 10 * (cycle(G_BA(fake_B), real_A) + cycle(G_AB(fake_A), real_B))
        loss_G.backward()
        optimizer_G.step()

        optimizer_D_A.zero_grad()
        loss_D_A = (gan_loss(D_A(real_A), True) + gan_loss(D_A(fake_A.detach()), False)) / 2
        loss_D_A.backward()
        optimizer_D_A.step()

        loss_D_B = (gan_loss(D_B(real_B), True) + gan_loss(D_B(fake_B.detach()), False)) / 2
        loss_D_B.backward()
        optimizer_D_B.step()  # expect: ACC001
