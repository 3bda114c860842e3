import torch


def scale_grads(params, factor):
    for p in params:
        if p.grad is not None:
            p.grad.mul_(factor)


def train(model, loader, optimizer, crit, accum, clip=1.0):
    for i, (x, y) in enumerate(loader):
        crit(model(x), y).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            scale_grads(model.parameters(), 1.0 / accum)
            torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
            optimizer.step()
            optimizer.zero_grad()
