import torch


def train(model, loader, optimizer, criterion, accum):
    for i, (x, y) in enumerate(loader):
        try:
            loss = criterion(model(x), y) / accum
            loss.backward()
        except torch.cuda.OutOfMemoryError:
            torch.cuda.empty_cache()
            raise
        if (i + 1) % accum == 0:
            optimizer.step()
            optimizer.zero_grad(set_to_none=False)
        if (i + 1) == len(loader) or (i + 1) % accum == 0:
            optimizer.step()  # expect: ACC005
            optimizer.zero_grad()
