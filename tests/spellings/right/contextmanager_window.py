from contextlib import contextmanager

import torch


@contextmanager
def optimizer_step(optimizer, params, clip=1.0):
    optimizer.zero_grad()
    yield
    torch.nn.utils.clip_grad_norm_(params, clip)
    optimizer.step()


def train(model, stream, optimizer, criterion, steps, accum):
    params = list(model.parameters())
    for _ in range(steps):
        with optimizer_step(optimizer, params):
            for _ in range(accum):
                x, y = next(stream)
                (criterion(model(x), y) / accum).backward()
