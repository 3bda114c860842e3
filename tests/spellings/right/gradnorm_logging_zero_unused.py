import torch


def grad_norm(model):
    return sum(p.grad.norm() ** 2 for p in model.parameters() if p.grad is not None) ** 0.5


def train(model, loader, optimizer, criterion, aux, log):
    for i, (x, y) in enumerate(loader):
        feats = model(x)
        if i % 200 == 0:
            for name, fn in {"main": criterion, "aux": aux}.items():
                optimizer.zero_grad()
                fn(feats, y).backward(retain_graph=True)
                log(name, grad_norm(model))
        optimizer.zero_grad()
        loss = criterion(feats, y) + 0.1 * aux(feats, y)
        loss.backward()
        optimizer.step()
