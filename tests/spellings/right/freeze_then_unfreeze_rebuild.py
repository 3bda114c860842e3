import torch


def one_epoch(model, loader, optimizer, criterion):
    for x, y in loader:
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()


def finetune(model, loader, criterion):
    for p in model.backbone.parameters():
        p.requires_grad = False
    opt = torch.optim.Adam(model.head.parameters(), lr=1e-3)
    for _ in range(3):
        one_epoch(model, loader, opt, criterion)
    for p in model.backbone.parameters():
        p.requires_grad = True
    opt = torch.optim.Adam(model.parameters(), lr=1e-5)
    for _ in range(3):
        one_epoch(model, loader, opt, criterion)
