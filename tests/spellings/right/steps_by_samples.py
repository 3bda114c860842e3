from torch import optim


class Group:
    def __init__(self, optimizers):
        self.optimizers = optimizers

    def zero_grad(self):
        for opt in self.optimizers:
            opt.zero_grad()

    def __iter__(self):
        for opt in self.optimizers:
            yield opt


def train(model, loader, criterion, cfg):
    one = optim.Adam(model.parameters())
    one.optim_batch_size = cfg.optim_batch_size
    optimizers = Group([one])
    for epoch in range(cfg.epochs):
        optimizers.zero_grad()
        steps = [0 for _ in optimizers]
        for x, y in loader:
            size = x.size(0)
            (criterion(model(x), y) * size / cfg.optim_batch_size).backward()
            steps = [old + size for old in steps]
            for ix, (opt, count) in enumerate(zip(optimizers, steps)):
                if count >= opt.optim_batch_size:
                    opt.step()
                    opt.zero_grad()
                    steps[ix] = 0
