import math

import torch
import torch.nn.functional as F


def train(model, loader, optimizer, batch_size):
    for data, target in loader:
        optimizer.zero_grad()
        for i in range(0, len(data), batch_size):
            data_batch = data[i : i + batch_size]
            target_batch = target[i : i + batch_size]
            output = model(data_batch)
            loss = F.cross_entropy(output, target_batch)
            loss.div_(math.ceil(float(len(data)) / batch_size))
            loss.backward()
        optimizer.step()
