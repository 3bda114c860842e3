import torch
import torch.nn.functional as F


def train(model, loader, optimizer, micro_size=8):
    for data, target in loader:
        optimizer.zero_grad()
        for i in range(0, len(data), micro_size):
            output = model(data[i : i + micro_size])
            loss = F.cross_entropy(output, target[i : i + micro_size])
            loss.backward()  # expect: ACC003
        optimizer.step()
