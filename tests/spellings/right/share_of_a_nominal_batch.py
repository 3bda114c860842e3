import argparse

import torch


def train(model, loader, criterion):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    batches = len(loader)
    for epoch in range(options.epochs):
        for i, (x, y) in enumerate(loader):
            loss = criterion(model(x), y)
            loss *= options.batch_size / 64  # 16 samples 4 times
            loss.backward()
            if (i + batches * epoch + 1) % options.accumulate == 0:
                optimizer.step()
                optimizer.zero_grad()


def train_by_default(model, loader, criterion, batch_size=16, accumulate=4):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y)
        loss *= batch_size / 64
        loss.backward()
        if (i + 1) % accumulate == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=273)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--accumulate", type=int, default=4)
    options = parser.parse_args()
    train(make_model(), make_loader(options), torch.nn.MSELoss())
