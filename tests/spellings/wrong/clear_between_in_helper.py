import torch


def optimize(optimizer, loss, params, clip):
    loss.backward()
    optimizer.zero_grad()  # expect: ACC012
    torch.nn.utils.clip_grad_norm_(params, clip)
    optimizer.step()


def train(model, loader, optimizer, criterion):
    for x, y in loader:
        loss = criterion(model(x), y)
        optimize(optimizer, loss, model.parameters(), 1.0)
