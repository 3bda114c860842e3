"""An optimizer whose state is sharded over the ranks steps and clears as the one it shards."""

import torch
from torch.distributed.optim import ZeroRedundancyOptimizer


def train(model, loader, criterion):
    optimizer = ZeroRedundancyOptimizer(model.parameters(), optimizer_class=torch.optim.Adam, lr=1e-3)
    for x, y in loader:
        criterion(model(x), y).backward()
        optimizer.step()  # expect: ACC001
