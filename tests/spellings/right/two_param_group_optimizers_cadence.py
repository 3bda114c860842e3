import torch


def train(backbone, head, loader, criterion, every=4):
    slow = torch.optim.SGD(backbone.parameters(), lr=1e-3)
    fast = torch.optim.SGD(head.parameters(), lr=1e-2)
    n = len(loader)
    slow.zero_grad()
    for i, (x, y) in enumerate(loader):
        feats = backbone(x)
        (criterion(head(feats.detach()), y)).backward()
        fast.step()
        fast.zero_grad()
        head.requires_grad_(False)
        (criterion(head(feats), y) / every).backward()
        head.requires_grad_(True)
        if (i + 1) % every == 0 or i + 1 == n:
            slow.step()
            slow.zero_grad()
