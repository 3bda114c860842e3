"""Losses kept under the names of the heads they belong to, and added up."""


def train(model, heads, loader, optimizer, criteria, accum):
    optimizer.zero_grad()
    for i, (x, targets) in enumerate(loader):
        features = model(x)
        losses = {}
        for name in heads:
            losses[name] = criteria[name](heads[name](features), targets[name]) / accum
        sum(losses.values()).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
