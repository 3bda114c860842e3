import functools
import torch


def train(model, diffusion, loader, accum):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for i, x in enumerate(loader):
        compute = functools.partial(diffusion.training_losses, model, x)
        losses = compute()
        loss = losses["loss"].mean()
        loss.backward()  # expect: ACC003
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
