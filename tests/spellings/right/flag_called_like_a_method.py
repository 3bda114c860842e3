"""`args.half`, `args.cuda` and their like are settings where they are not called, although tensors have methods of these names."""

import torch
import torch.nn.functional as F


def train(model, loader, args):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        if not args.half:
            optimizer.zero_grad()
        loss = F.mse_loss(model(x), y)
        loss.backward()
        if args.half:
            optimizer.step()
            optimizer.zero_grad()
        else:
            optimizer.step()
