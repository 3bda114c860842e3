import torch
import torch.distributed as dist


def average_gradients(model, k):
    size = float(dist.get_world_size())
    for p in model.parameters():
        if p.grad is None:
            continue
        dist.all_reduce(p.grad.data, op=dist.ReduceOp.SUM)
        p.grad.data /= size * k


def train(model, loader, optimizer, criterion, accum):
    for i, (x, y) in enumerate(loader):
        criterion(model(x), y).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            average_gradients(model, accum)
            optimizer.step()
            optimizer.zero_grad()
