import torch


def training(model, loader, optimizer, criterion):
    for x, y in loader:
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()  # expect: ACC001
        yield loss.item()


def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    for value in training(model, loader, opt, torch.nn.MSELoss()):
        print(value)
