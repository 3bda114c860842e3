class Batches:
    def __init__(self, loader, num_mb):
        self.it = iter(loader)
        self.num_mb = num_mb

    def __iter__(self):
        return self

    def __next__(self):
        batch = next(self.it)
        if batch is None:
            raise StopIteration
        out = []
        for k in range(self.num_mb):
            out.append(batch[k])
        return out


def train(model, loader, opt, crit, num_mb):
    for minibatch in Batches(loader, num_mb):
        for x, y in minibatch:
            crit(model(x), y).backward()  # expect: ACC003
        opt.step()
        opt.zero_grad()
