"""Forward and backward stand in closures, one of which is picked by a setting; the tail is never flushed."""

import torch


def train(config, model, optimizer, loader):
    accum = config.batch_size // config.micro_batch_size
    for _ in range(config.epochs):
        for step, (x, y) in enumerate(loader, start=1):
            accumulating = step % accum != 0

            def plain(model, x, y):
                loss = torch.nn.functional.cross_entropy(model(x), y)
                (loss / accum).backward()
                return loss.detach()

            def recurrent(model, x, y):
                loss = model(x, labels=y)["loss"]
                (loss / accum).backward()
                return loss.detach()

            forward_backward = plain if config.plain else recurrent
            forward_backward(model, x, y)
            if not accumulating:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
