"""The window's N is looked up in an imported table of settings; the clear stands where the window ends, before its last backward."""

import torch
from settings import args


def train(model, loader):
    optimizer = torch.optim.AdamW(model.parameters())
    accum = args.get("gradient_accumulation_steps", 1)
    for i, batch in enumerate(loader):
        if (i + 1) % accum == 0:
            optimizer.zero_grad()  # expect: ACC002
        loss = model(batch).mean()
        (loss / accum).backward()
        if (i + 1) % accum == 0:
            optimizer.step()
