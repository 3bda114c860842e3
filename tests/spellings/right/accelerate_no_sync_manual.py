import contextlib

import torch
from accelerate import Accelerator


def train(model, loader, opt, lossf, accum):
    accelerator = Accelerator()
    model, opt, loader = accelerator.prepare(model, opt, loader)
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        sync = (i + 1) % accum == 0 or i + 1 == n
        ctx = contextlib.nullcontext() if sync else accelerator.no_sync(model)
        with ctx:
            accelerator.backward(lossf(model(x), y) / accum)
        if sync:
            opt.step()
            opt.zero_grad()
