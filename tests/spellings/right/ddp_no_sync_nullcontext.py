from contextlib import nullcontext

import torch
from torch.nn.parallel import DistributedDataParallel as DDP


def train_epoch(ddp_model: DDP, loader, optimizer, loss_fn, grad_acc: int):
    num = len(loader)
    for idx, batch in enumerate(loader):
        is_boundary = (idx + 1) % grad_acc == 0 or (idx + 1) == num
        ctx = nullcontext() if is_boundary else ddp_model.no_sync()
        with ctx:
            out = ddp_model(batch["x"])
            loss = loss_fn(out, batch["y"]) / grad_acc
            loss.backward()
        if is_boundary:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
