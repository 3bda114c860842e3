"""apex's ``amp`` comes from a star import that cannot be looked into; the tail is never flushed."""

import torch

from .utilities import *


def train(model, optimizer, loader, config):
    for _ in range(config.epochs):
        optimizer.zero_grad()
        for step, (x, y) in enumerate(loader):
            loss = torch.nn.functional.cross_entropy(model(x), y) / config.accumulate
            if config.fp16:
                with amp.scale_loss(loss, optimizer) as scaled:
                    scaled.backward()
            else:
                loss.backward()
            if (step + 1) % config.accumulate == 0:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
