import torch


def made(algorithm, model):
    if algorithm == "adam":
        optimizer = torch.optim.Adam(model.parameters())
    elif algorithm == "sgd":
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return optimizer


def train(model, loader, args):
    optimizer = made(args.algorithm, model)
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()  # expect: ACC001
