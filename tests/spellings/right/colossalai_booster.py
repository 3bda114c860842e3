import torch
from colossalai.booster import Booster
from colossalai.booster.plugin import LowLevelZeroPlugin


def train(model, optimizer, loader, criterion, accum):
    booster = Booster(plugin=LowLevelZeroPlugin())
    model, optimizer, criterion, loader, _ = booster.boost(model, optimizer, criterion, loader)
    for idx, (x, y) in enumerate(loader):
        sync = (idx + 1) % accum == 0 or idx + 1 == len(loader)
        loss = criterion(model(x), y) / accum
        if sync:
            booster.backward(loss, optimizer)
        else:
            with booster.no_sync(model, optimizer):
                booster.backward(loss, optimizer)
        if sync:
            optimizer.step()
            optimizer.zero_grad()
