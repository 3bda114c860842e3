import torch
import torch.nn.functional as F


def train(model, loader, opt, target_samples=256):
    seen = 0
    for x, y in loader:
        opt.zero_grad()  # expect: ACC002
        loss = F.cross_entropy(model(x), y, reduction="sum") / target_samples
        loss.backward()
        seen += len(x)
        if seen >= target_samples:
            opt.step()
            seen = 0
