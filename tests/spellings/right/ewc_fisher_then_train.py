import torch
import torch.nn.functional as F


def fisher(model, loader):
    out = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
    model.eval()
    for x, y in loader:
        model.zero_grad()
        F.nll_loss(F.log_softmax(model(x), 1), y).backward()
        for n, p in model.named_parameters():
            out[n] += p.grad.pow(2) / len(loader)
    return out


def train_task(model, loader, optimizer, old, fish, lam=1000.0):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        for n, p in model.named_parameters():
            loss = loss + lam * (fish[n] * (p - old[n]).pow(2)).sum()
        loss.backward()
        optimizer.step()
