import torch


def dp_step(model, optimizer, criterion, xs, ys, clip=1.0, sigma=1.1):
    acc = [torch.zeros_like(p) for p in model.parameters()]
    for x, y in zip(xs, ys):
        optimizer.zero_grad()
        criterion(model(x[None]), y[None]).backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        for a, p in zip(acc, model.parameters()):
            a += p.grad
    for a, p in zip(acc, model.parameters()):
        p.grad = (a + sigma * clip * torch.randn_like(a)) / len(xs)
    optimizer.step()


def train(model, loader, optimizer, criterion):
    for xs, ys in loader:
        dp_step(model, optimizer, criterion, xs, ys)
