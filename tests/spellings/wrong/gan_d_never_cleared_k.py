import torch


def train_gan(G, D, loader, nz, epochs, lr=2e-4):
    bce = torch.nn.BCELoss()
    g_optimizer = torch.optim.Adam(G.parameters(), lr=lr, betas=(0.5, 0.999))
    d_optimizer = torch.optim.Adam(D.parameters(), lr=lr, betas=(0.5, 0.999))
    for epoch in range(epochs):
        for real, _ in loader:
            ones = torch.ones(real.size(0), 1)
            zeros = torch.zeros(real.size(0), 1)
            z = torch.randn(real.size(0), nz)

            g_optimizer.zero_grad()
            g_loss = bce(D(G(z)), ones)
            g_loss.backward()
            g_optimizer.step()

            d_loss = bce(D(real), ones) + bce(D(G(z).detach()), zeros)
            d_loss.backward()
            d_optimizer.step()  # expect: ACC001
