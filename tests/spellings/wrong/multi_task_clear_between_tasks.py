import torch


def train(model, loaders, optimizer, losses, accum):
    n = min(len(l) for l in loaders.values())
    for step, batches in enumerate(zip(*loaders.values())):
        for task, (x, y) in zip(loaders, batches):
            optimizer.zero_grad()  # expect: ACC002
            loss = losses[task](model(x, task=task), y)
            (loss / accum).backward()
        if (step + 1) % accum == 0 or step + 1 == n:
            optimizer.step()
