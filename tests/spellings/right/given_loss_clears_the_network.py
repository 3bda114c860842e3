import torch


class Trainer:
    def __init__(self, D, G, D_loss, G_loss, optimizer_d, optimizer_g, loader, latents):
        self.D, self.G, self.D_loss, self.G_loss = D, G, D_loss, G_loss
        self.optimizer_d, self.optimizer_g = optimizer_d, optimizer_g
        self.loader, self.latents = loader, latents

    def train(self):
        for real in self.loader:
            d_losses = self.D_loss(self.D, self.G, real, self.latents())
            d_losses[0].backward()
            self.optimizer_d.step()
            g_losses = self.G_loss(self.G, self.D, self.latents())
            g_losses[0].backward()
            self.optimizer_g.step()


def d_loss(D, G, real, z, weight=1.0):
    D.zero_grad()
    return (weight * D(G(z).detach()).mean() - D(real).mean(),)


def g_loss(G, D, z):
    G.zero_grad()
    return (-D(G(z)).mean(),)


def main(D, G, loader, latents, lr):
    opt_d = torch.optim.Adam(D.parameters(), lr)
    opt_g = torch.optim.Adam(G.parameters(), lr)
    Trainer(D, G, d_loss, g_loss, opt_d, opt_g, loader, latents).train()


def train(model, loader, compute_loss):
    optimizer = torch.optim.Adam(model.parameters())
    for batch in loader:
        loss = compute_loss(model, batch)
        loss.backward()
        optimizer.step()
