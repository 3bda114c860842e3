import torch


def train(model, loader, optimizer, criterion, tasks):
    for x, ys in loader:
        gradients = []
        for k in range(len(ys)):
            optimizer.zero_grad()
            loss = criterion(model(x), ys[k])
            loss.backward()
            gradients.append([p.grad.clone() for p in model.parameters()])
        for p, *parts in zip(model.parameters(), *gradients):
            p.grad = torch.stack(parts).mean(0)
        optimizer.step()


def norms(model, loader, optimizer, criterion):
    for x, ys in loader:
        seen = []
        for k in range(len(ys)):
            optimizer.zero_grad()
            criterion(model(x), ys[k]).backward()
            seen.append(torch.cat([p.grad.flatten() for p in model.parameters()]).norm())
        if max(seen) < 10:
            optimizer.step()


def attack(model, loader, optimizer, criterion, steps, size):
    for x, y in loader:
        delta = torch.zeros_like(x, requires_grad=True)
        for _ in range(steps):
            model.zero_grad()
            criterion(model(x + delta), y).backward()
            delta.data = delta + size * delta.grad.sign()
        optimizer.zero_grad()
        criterion(model(x + delta), y).backward()
        optimizer.step()
