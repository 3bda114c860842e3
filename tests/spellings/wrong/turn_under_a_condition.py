import torch.nn.functional as F


def train(model, loader, optimizer, n):
    optimizer.zero_grad()
    for i, (x, y) in enumerate(loader):
        mask = y < 192
        if mask.sum() > 0:
            optimizer.zero_grad()  # expect: ACC002
            loss = F.smooth_l1_loss(model(x)[mask], y[mask]) / n
            loss.backward()
            if (i + 1) % n == 0 or i + 1 == len(loader):
                optimizer.step()
