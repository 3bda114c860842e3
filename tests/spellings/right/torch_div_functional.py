import torch


def train(model, loader, optimizer, criterion, accum):
    for i, (x, y) in enumerate(loader):
        loss = torch.div(criterion(model(x), y), accum)
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
