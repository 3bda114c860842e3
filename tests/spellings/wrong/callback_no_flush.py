import torch


class StepEvery:
    def __init__(self, n):
        self.n = n

    def after_backward(self, opt, i):
        if (i + 1) % self.n == 0:  # expect: ACC004
            opt.step()
            opt.zero_grad()


def fit(model, dl, opt, loss_fn, epochs, n=4):
    stepper = StepEvery(n)
    for epoch in range(epochs):
        opt.zero_grad()
        for i, (x, y) in enumerate(dl):
            loss = loss_fn(model(x), y) / n
            loss.backward()
            stepper.after_backward(opt, i)
