import torch


class FP32Opt:
    def __init__(self, params, lr):
        self.params = list(params)
        self.inner = torch.optim.SGD(self.params, lr=lr)

    def multiply_grads(self, c):
        for p in self.params:
            if p.grad is not None:
                p.grad.data.mul_(c)

    def step(self):
        self.inner.step()

    def zero_grad(self):
        self.inner.zero_grad()


def train_step(model, opt, criterion, samples):
    opt.zero_grad()
    sample_size = 0
    for s in samples:
        loss = criterion(model(s["net_input"]), s["target"], reduction="sum")
        loss.backward()
        sample_size += s["ntokens"]
    opt.multiply_grads(1.0 / sample_size)
    opt.step()
