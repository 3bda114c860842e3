import copy

import torch


def train(model, loader, crit, epochs, accum, decay=0.999):
    ema = copy.deepcopy(model).requires_grad_(False)
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, 1e-2, total_steps=epochs * -(-len(loader) // accum))
    for _ in range(epochs):
        for i, (x, y) in enumerate(loader):
            (crit(model(x), y) / accum).backward()
            if (i + 1) % accum == 0 or i + 1 == len(loader):
                opt.step()
                sched.step()
                opt.zero_grad()
                with torch.no_grad():
                    for pe, p in zip(ema.parameters(), model.parameters()):
                        pe.lerp_(p, 1 - decay)
