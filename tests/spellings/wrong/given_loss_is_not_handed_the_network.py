import torch


def train(model, loader, compute_loss, weights):
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        loss = compute_loss(model(x), y, weights)
        loss.backward()
        optimizer.step()  # expect: ACC001


def train_by_a_loss_that_is_handed_it(model, loader, objective):
    optimizer = torch.optim.Adam(model.parameters())
    for batch in loader:
        loss = objective(model, batch)
        loss.backward()
        optimizer.step()  # expect: ACC001
