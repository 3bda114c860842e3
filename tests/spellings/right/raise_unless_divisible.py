import torch


def train(model, loader, crit, opt, grad_acc):
    if len(loader) % grad_acc != 0:
        raise ValueError(f"{len(loader)} batches do not divide into windows of {grad_acc}")
    for i, batch in enumerate(loader):
        loss = crit(model(batch)) / grad_acc
        loss.backward()
        if (i + 1) % grad_acc == 0:
            opt.step()
            opt.zero_grad()
