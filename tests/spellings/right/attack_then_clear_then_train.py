import torch
import torch.nn.functional as F


def train_adv(model, loader, optimizer, eps=8 / 255, alpha=2 / 255, steps=7):
    for x, y in loader:
        delta = torch.zeros_like(x).uniform_(-eps, eps).requires_grad_(True)
        for _ in range(steps):
            loss = F.cross_entropy(model(x + delta), y)
            loss.backward()
            delta.data = (delta + alpha * delta.grad.sign()).clamp(-eps, eps)
            delta.grad.zero_()
        optimizer.zero_grad()
        loss = F.cross_entropy(model((x + delta.detach()).clamp(0, 1)), y)
        loss.backward()
        optimizer.step()
