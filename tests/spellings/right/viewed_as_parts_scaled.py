import torch.nn.functional as F


def train(model, loader, optimizer, accum):
    for big_x, big_y in loader:
        optimizer.zero_grad()
        xs, ys = big_x.view(accum, -1, big_x.size(-1)), big_y.view(accum, -1)
        for x, y in zip(xs, ys):
            loss = F.cross_entropy(model(x), y) / len(xs)
            loss.backward()
        optimizer.step()
