import torch
import torch.nn.functional as F


def train(model, loader, lr, accum):
    # gradients are summed over the window, so the learning rate is divided instead
    optimizer = torch.optim.SGD(model.parameters(), lr=lr / accum)
    for i, (x, y) in enumerate(loader):
        F.mse_loss(model(x), y).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
