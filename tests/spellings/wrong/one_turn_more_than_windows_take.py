import torch


def train(model, xs, criterion, args):
    optimizer = torch.optim.Adam(model.parameters())
    n = args.accumulate
    for epoch in range(args.epochs):
        for step in range(args.steps * n + 1):
            (criterion(model(xs[step])) / n).backward()
            if (step + 1) % n == 0:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
