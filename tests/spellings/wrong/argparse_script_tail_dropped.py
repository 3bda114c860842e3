import argparse

import torch
from torch.utils.data import DataLoader

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--grad-accum", type=int, default=1)
parser.add_argument("--lr", type=float, default=1e-3)


def main():
    args = parser.parse_args()
    data = torch.utils.data.TensorDataset(torch.randn(1000, 8), torch.randn(1000, 1))
    loader = DataLoader(data, batch_size=16, shuffle=True)
    model = torch.nn.Linear(8, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        optimizer.zero_grad()
        for step, (x, y) in enumerate(loader):
            loss = (model(x) - y).pow(2).mean() / args.grad_accum
            loss.backward()
            if (step + 1) % args.grad_accum == 0:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()


if __name__ == "__main__":
    main()
