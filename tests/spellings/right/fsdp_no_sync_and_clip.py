import torch
from torch.distributed.fsdp import FullyShardedDataParallel as FSDP


def train(model, loader, lossf, accum, steps):
    model = FSDP(model)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    it = iter(loader)
    for step in range(steps):
        for m in range(accum - 1):
            with model.no_sync():
                x, y = next(it)
                (lossf(model(x), y) / accum).backward()
        x, y = next(it)
        (lossf(model(x), y) / accum).backward()
        model.clip_grad_norm_(1.0)
        optimizer.step()
        optimizer.zero_grad()
