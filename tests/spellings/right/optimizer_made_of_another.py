import torch
from src.lars import LARS


def make(encoder, use_lars, lr):
    optimizer = torch.optim.SGD(encoder.parameters(), lr=lr, momentum=0.9)
    if use_lars:
        optimizer = LARS(optimizer, trust_coefficient=0.001)
    return optimizer


def main(args, encoder, loader, criterion):
    optimizer = make(encoder, args.use_lars, args.lr)
    for epoch in range(args.epochs):
        for x, y in loader:
            loss = criterion(encoder(x), y)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
