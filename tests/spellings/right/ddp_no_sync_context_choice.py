from contextlib import nullcontext

import torch
from torch.nn.parallel import DistributedDataParallel as DDP


def train(model, loader, opt, lossf, accum, rank):
    model = DDP(model.to(rank), device_ids=[rank])
    total = len(loader)
    for step, (x, y) in enumerate(loader, 1):
        boundary = step % accum == 0 or step == total
        with nullcontext() if boundary else model.no_sync():
            loss = lossf(model(x.to(rank)), y.to(rank)) / accum
            loss.backward()
        if boundary:
            opt.step()
            opt.zero_grad(set_to_none=True)
