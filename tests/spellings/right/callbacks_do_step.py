import torch


class Callback:
    def after_backward(self, learner): ...
    def after_fit(self, learner): ...


class StepEvery(Callback):
    def __init__(self, n):
        self.n = n

    def after_backward(self, learner):
        if (learner.i + 1) % self.n == 0 or learner.i + 1 == len(learner.dl):
            learner.opt.step()
            learner.opt.zero_grad()


class Learner:
    def __init__(self, model, dl, opt, loss_fn, n=4):
        self.model, self.dl, self.opt, self.loss_fn = model, dl, opt, loss_fn
        self.n = n
        self.cbs = [StepEvery(n)]

    def fit(self, epochs):
        for self.epoch in range(epochs):
            for self.i, (x, y) in enumerate(self.dl):
                self.loss = self.loss_fn(self.model(x), y) / self.n
                self.loss.backward()
                for cb in self.cbs:
                    cb.after_backward(self)
