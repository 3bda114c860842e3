import torch
from apex import amp


def train(model, loader, optimizer, criterion, accum=4):
    model, optimizer = amp.initialize(model, optimizer, opt_level="O1")
    for i, (x, y) in enumerate(loader):
        boundary = (i + 1) % accum == 0 or (i + 1) == len(loader)
        loss = criterion(model(x), y) / accum
        with amp.scale_loss(loss, optimizer, delay_unscale=not boundary) as scaled:
            scaled.backward()
        if boundary:
            torch.nn.utils.clip_grad_norm_(amp.master_params(optimizer), 1.0)
            optimizer.step()
            optimizer.zero_grad()
