import torch.nn.functional as F


def train(model, loader, optimizer, micro_size=8):
    for data, target in loader:
        optimizer.zero_grad()
        for i in range(0, len(data), micro_size):
            part = data[i : i + micro_size]
            loss = F.cross_entropy(model(part), target[i : i + micro_size])
            (loss * (len(part) / len(data))).backward()
        optimizer.step()
