import torch
import torch.nn.functional as F


def train(model, loader, optimizer, keep=64):
    hard_x, hard_y = [], []
    for i, (x, y) in enumerate(loader):
        optimizer.zero_grad()
        per = F.cross_entropy(model(x), y, reduction="none")
        per.mean().backward()
        optimizer.step()
        top = per.detach().topk(4).indices
        hard_x.append(x[top])
        hard_y.append(y[top])
        if sum(len(h) for h in hard_x) >= keep:
            optimizer.zero_grad()
            F.cross_entropy(model(torch.cat(hard_x)), torch.cat(hard_y)).backward()
            optimizer.step()
            hard_x, hard_y = [], []
