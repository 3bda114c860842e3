import torch


def forward(model, batch, criterion):
    x, y = batch
    return criterion(model(x), y)


def optimise(optimizer, model, clip):
    torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
    optimizer.step()  # expect: ACC001


def one_step(model, batch, criterion, optimizer):
    loss = forward(model, batch, criterion)
    loss.backward()
    optimise(optimizer, model, 1.0)
    return loss.item()


def one_epoch(model, loader, criterion, optimizer):
    return [one_step(model, b, criterion, optimizer) for b in loader]


def main(model, loader):
    criterion = torch.nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for _ in range(10):
        one_epoch(model, loader, criterion, optimizer)
