import torch.distributed as dist
import torch
from torch import nn


def train(model, loader, accum):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    criterion = nn.CrossEntropyLoss()
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y)
        loss = loss / dist.get_world_size()
        loss.backward()  # expect: ACC003
        if (i + 1) % accum == 0:  # expect: ACC004
            optimizer.step()
            optimizer.zero_grad()
