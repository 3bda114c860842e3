import torch


class Worker:
    def __init__(self, model, opt, accum):
        self.model, self.opt, self.accum = model, opt, accum
        self.n = 0

    def step(self, x, y):
        self.opt.zero_grad()  # expect: ACC002
        loss = torch.nn.functional.mse_loss(self.model(x), y) / self.accum
        loss.backward()
        self.n += 1
        if self.n % self.accum != 0:
            return loss.item()
        self.opt.step()
        return loss.item()

    def run(self, stream):
        for x, y in stream:
            self.step(x, y)
