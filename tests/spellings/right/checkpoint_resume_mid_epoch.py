import torch


def train(model, loader, optimizer, criterion, ckpt, accum):
    start = ckpt["batch"] if ckpt else 0  # checkpoints are only written right after an update
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        if i < start:
            continue
        (criterion(model(x), y) / accum).backward()
        if (i + 1) % accum == 0 or i + 1 == n:
            optimizer.step()
            optimizer.zero_grad()
            torch.save({"batch": i + 1, "model": model.state_dict(), "opt": optimizer.state_dict()}, "last.pt")
