from torch.nn.functional import cross_entropy


def train(net, loader, optimizer, n, epochs):
    for _ in range(epochs):
        seen = 0
        for i, (x, y) in enumerate(loader):
            seen += len(x)
            (cross_entropy(net(x), y) / n).backward()
            if (i + 1) % n == 0 or seen == len(loader):  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
