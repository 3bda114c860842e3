import torch


class GradAccum:
    def __init__(self, base, n):
        self.base, self.n, self.k = base, n, 0

    def step(self):
        self.k += 1
        if self.k % self.n == 0:
            self.base.step()


def train(model, stream, crit, steps, n):
    base = torch.optim.SGD(model.parameters(), lr=0.1)
    opt = GradAccum(base, n)
    for _ in range(steps):
        x, y = next(stream)
        base.zero_grad()  # expect: ACC002
        (crit(model(x), y) / n).backward()
        opt.step()
