import torch


def batch_loss(x, y, model, position=-1):
    if position == "flexible":
        logits = model(x)[:, x.argmax(dim=-1)]
    else:
        logits = model(x)[:, position]
    return torch.nn.functional.cross_entropy(logits, y)


def train(model, loader, optimizer, position=-1, n=1):
    for i, (x, y) in enumerate(loader):
        loss = batch_loss(x, y, model, position=position) / n
        loss.backward()
        if (i + 1) % n == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
            optimizer.step()  # expect: ACC005
