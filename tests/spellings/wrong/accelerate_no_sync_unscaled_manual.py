import torch
from accelerate import Accelerator


def train(model, loader, optimizer, lossf, accum):
    accelerator = Accelerator()
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        if (i + 1) % accum != 0 and i + 1 != n:
            with accelerator.no_sync(model):
                accelerator.backward(lossf(model(x), y) / accum)
        else:
            accelerator.backward(lossf(model(x), y) / accum)
            optimizer.step()
            optimizer.zero_grad()
            optimizer.step()  # expect: ACC005
