import torch
import torch.nn.functional as F


def train(model, loader, optimizer, n_micro=4):
    for x, y in loader:
        optimizer.zero_grad(set_to_none=True)
        for xb, yb in zip(x.chunk(n_micro), y.chunk(n_micro)):
            loss = F.cross_entropy(model(xb), yb)
            loss.backward()  # expect: ACC003
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
