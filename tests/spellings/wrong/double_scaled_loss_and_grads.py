import torch


def train(model, loader, optimizer, criterion, accum=4):
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y)
        loss = loss / accum
        loss.backward()  # expect: ACC014
        if (i + 1) % accum == 0 or (i + 1) == len(loader):
            for group in optimizer.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        p.grad.div_(accum)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
