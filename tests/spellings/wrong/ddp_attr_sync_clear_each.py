import torch


def train(ddp, loader, optimizer, criterion, accum):
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        ddp.require_backward_grad_sync = (i + 1) % accum == 0 or i + 1 == n
        optimizer.zero_grad(set_to_none=True)  # expect: ACC002
        loss = criterion(ddp(x), y) / accum
        loss.backward()
        if ddp.require_backward_grad_sync:
            optimizer.step()
