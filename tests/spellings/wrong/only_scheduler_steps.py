import torch
from torch.optim.lr_scheduler import CosineAnnealingLR


def fit(model, loader, criterion, epochs):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    scheduler = CosineAnnealingLR(optimizer, T_max=epochs * len(loader))
    for epoch in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()  # expect: ACC017
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            scheduler.step()
