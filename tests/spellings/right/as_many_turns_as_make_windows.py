import torch


def train(model, xs, criterion, args):
    optimizer = torch.optim.Adam(model.parameters())
    n = args.accumulate
    losses = [[] for _ in range(args.steps)]
    for step in range(args.steps * n):
        loss = criterion(model(xs[step])) / n
        loss.backward()
        losses[step // n].append(loss.item())
        if (step + 1) % n == 0:
            optimizer.step()
            optimizer.zero_grad()
