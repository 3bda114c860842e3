from contextlib import nullcontext

import torch
import torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel as DDP


def train_epoch(net, loader, grad_acc: int, rank):
    ddp = DDP(net.to(rank), device_ids=[rank])
    optimizer = torch.optim.SGD(ddp.parameters(), lr=0.1)
    for idx, (x, y) in enumerate(loader):
        sync = (idx + 1) % grad_acc == 0 or (idx + 1) == len(loader)
        with nullcontext() if sync else ddp.no_sync():
            loss = F.cross_entropy(ddp(x), y)
            loss.backward()  # expect: ACC003
        if sync:
            optimizer.step()
            optimizer.zero_grad()
