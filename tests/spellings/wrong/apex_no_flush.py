import torch
from apex import amp


def train(model, loader, optimizer, criterion, epochs, accum=4):
    model, optimizer = amp.initialize(model, optimizer, opt_level="O2")
    for epoch in range(epochs):
        optimizer.zero_grad()
        for i, (x, y) in enumerate(loader):
            boundary = (i + 1) % accum == 0
            loss = criterion(model(x), y) / accum
            with amp.scale_loss(loss, optimizer, delay_unscale=not boundary) as scaled:
                scaled.backward()
            if boundary:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
