import torch


def sample(energy, x, steps=60, lr=10.0):
    x = x.clone().requires_grad_(True)
    for _ in range(steps):
        x.data.add_(0.005 * torch.randn_like(x))
        e = energy(x).sum()
        e.backward()
        x.grad.clamp_(-0.03, 0.03)
        x.data.add_(-lr * x.grad)
        x.grad.zero_()
    return x.detach()


def train(energy, loader, optimizer, alpha=0.1):
    for real in loader:
        for p in energy.parameters():
            p.requires_grad_(False)
        fake = sample(energy, torch.rand_like(real))
        for p in energy.parameters():
            p.requires_grad_(True)
        optimizer.zero_grad()
        er, ef = energy(real), energy(fake)
        loss = (er - ef).mean() + alpha * (er.pow(2) + ef.pow(2)).mean()
        loss.backward()
        optimizer.step()
