import torch


def train(model, loader, loss_fn, scores, n):
    """The gradients are read for a score and thrown away; what trains the scores is another backward."""
    opt = torch.optim.SGD(scores.parameters(), lr=0.1)
    for i, (x, y) in enumerate(loader):
        loss_fn(model(x), y).backward()
        seen = [p.grad.abs().sum() for p in model.parameters()]
        model.zero_grad()
        (scores(torch.stack(seen)).mean() / n).backward()
        if (i + 1) % n == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
