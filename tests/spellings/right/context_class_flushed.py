class Accumulate:
    def __init__(self, optimizer, every, total):
        self.optimizer, self.every, self.total = optimizer, every, total
        self.count = 0

    def __enter__(self):
        self.count += 1
        return self

    def __exit__(self, *exc):
        if self.count % self.every == 0 or self.count == self.total:
            self.optimizer.step()
            self.optimizer.zero_grad()


def train(model, loader, optimizer, criterion, n=4):
    window = Accumulate(optimizer, n, len(loader))
    for x, y in loader:
        with window:
            (criterion(model(x), y) / n).backward()
