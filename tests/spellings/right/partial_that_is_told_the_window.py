import functools

import torch
import torch.nn.functional as F


def told(model, diffusion, loader, accum):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for i, x in enumerate(loader):
        compute = functools.partial(diffusion.training_losses, model, x, accum)
        compute()["loss"].mean().backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()


def summed(model, loader, accum):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    criterion = functools.partial(F.mse_loss, reduction="sum")
    for i, (x, y) in enumerate(loader):
        criterion(model(x), y).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
