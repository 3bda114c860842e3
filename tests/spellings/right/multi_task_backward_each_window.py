import torch


def train(model, loaders, optimizer, losses, accum):
    n = min(len(l) for l in loaders.values())
    optimizer.zero_grad()
    for step, batches in enumerate(zip(*loaders.values())):
        for task, batch in zip(loaders, batches):
            x, y = batch
            loss = losses[task](model(x, task=task), y)
            (loss / accum).backward()
        if (step + 1) % accum == 0 or step + 1 == n:
            optimizer.step()
            optimizer.zero_grad()
