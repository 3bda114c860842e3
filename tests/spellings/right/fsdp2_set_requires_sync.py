import torch


def train_step(model, optimizer, micro_batches, loss_fn):
    total = len(micro_batches)
    for i, (x, y) in enumerate(micro_batches):
        last = i == total - 1
        model.set_requires_gradient_sync(last)
        loss = loss_fn(model(x), y) / total
        loss.backward()
    optimizer.step()
    optimizer.zero_grad()


def train(model, optimizer, steps, loader, loss_fn, k=4):
    it = iter(loader)
    for _ in range(steps):
        train_step(model, optimizer, [next(it) for _ in range(k)], loss_fn)
