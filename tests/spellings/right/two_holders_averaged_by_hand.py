import torch
from updates import ParameterUpdate


def train(model, tasks, criterion, iterations, meta_batch_size):
    classifier = model.linear
    fast_update = ParameterUpdate(parameters=classifier.parameters())
    opt = torch.optim.Adam(list(model.parameters()) + list(fast_update.parameters()))
    for iteration in range(iterations):
        opt.zero_grad()
        for task in range(meta_batch_size):
            x, y = tasks.sample()
            criterion(fast_update(model(x)), y).backward()
        for p in model.parameters():
            p.grad.data.mul_(1.0 / meta_batch_size)
        for p in fast_update.parameters():
            p.grad.data.mul_(1.0 / meta_batch_size)
        opt.step()
