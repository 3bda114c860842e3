import torch
import torch.distributed as dist


def train(model, loader, optimizer, criterion, accum):
    world = dist.get_world_size()
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y)
        loss = loss / (accum * world)
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            for p in model.parameters():
                dist.all_reduce(p.grad, op=dist.ReduceOp.SUM)
            optimizer.step()
            optimizer.zero_grad()
