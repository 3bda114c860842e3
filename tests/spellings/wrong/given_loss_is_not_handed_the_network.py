import torch


def train(model, loader, compute_loss, weights):
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        loss = compute_loss(model(x), y, weights)
        loss.backward()
        optimizer.step()  # expect: ACC001
