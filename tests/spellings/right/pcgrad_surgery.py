import random

import torch


def pcgrad_step(model, losses, optimizer):
    grads = []
    for loss in losses:
        optimizer.zero_grad()
        loss.backward(retain_graph=True)
        grads.append(torch.cat([p.grad.flatten() for p in model.parameters()]))
    merged = []
    for g in grads:
        g = g.clone()
        others = grads[:]
        random.shuffle(others)
        for o in others:
            dot = torch.dot(g, o)
            if dot < 0:
                g -= dot / o.norm() ** 2 * o
        merged.append(g)
    total = torch.stack(merged).sum(0)
    offset = 0
    for p in model.parameters():
        n = p.numel()
        p.grad = total[offset : offset + n].view_as(p).clone()
        offset += n
    optimizer.step()


def train(model, loader, optimizer, tasks):
    for x, ys in loader:
        feats = model(x)
        pcgrad_step(model, [t(feats, y) for t, y in zip(tasks, ys)], optimizer)
