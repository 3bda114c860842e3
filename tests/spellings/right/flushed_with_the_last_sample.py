from torch.nn.functional import cross_entropy


def train(net, loader, optimizer, n, epochs):
    samples = len(loader.dataset)
    for _ in range(epochs):
        seen = 0
        for i, (x, y) in enumerate(loader):
            seen += len(x)
            (cross_entropy(net(x), y) / n).backward()
            if (i + 1) % n == 0 or seen == samples:
                optimizer.step()
                optimizer.zero_grad()


def run(net, loader, optimizer, target):
    left = len(loader.dataset)
    pending = 0
    for x, y in loader:
        loss = cross_entropy(net(x), y, reduction="sum") / target
        loss.backward()
        left -= len(x)
        pending += len(x)
        if pending >= target or left <= 0:
            optimizer.step()
            optimizer.zero_grad()
            pending = 0
