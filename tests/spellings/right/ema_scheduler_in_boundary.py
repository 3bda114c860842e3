import copy

import torch


class EMA:
    def __init__(self, model, decay=0.999):
        self.shadow = copy.deepcopy(model).eval().requires_grad_(False)
        self.decay = decay

    @torch.no_grad()
    def update(self, model):
        for s, p in zip(self.shadow.parameters(), model.parameters()):
            s.lerp_(p, 1 - self.decay)


def train(model, loader, criterion, epochs, accum):
    ema = EMA(model)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4)
    steps_per_epoch = -(-len(loader) // accum)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-3, total_steps=epochs * steps_per_epoch)
    for epoch in range(epochs):
        for i, (x, y) in enumerate(loader, 1):
            (criterion(model(x), y) / accum).backward()
            if i % accum == 0 or i == len(loader):
                optimizer.step()
                optimizer.zero_grad()
                scheduler.step()
                ema.update(model)
