import torch


def train(models, loader, criterion):
    a, b = models
    opt_a = torch.optim.Adam(a.parameters())
    opt_b = torch.optim.Adam(b.parameters())
    for x, y in loader:
        loss = criterion(b(a(x)), y)
        loss.backward()
        opt_a.step()
        opt_b.step()  # expect: ACC001
        opt_a.zero_grad()
