import torch
from torch.optim import Optimizer


class SignSGD(Optimizer):
    def __init__(self, params, lr=1e-3):
        super().__init__(params, dict(lr=lr))

    @torch.no_grad()
    def step(self, closure=None):
        for g in self.param_groups:
            for p in g["params"]:
                if p.grad is not None:
                    p.add_(p.grad.sign(), alpha=-g["lr"])


def train(model, loader, crit):
    opt = SignSGD(model.parameters())
    for x, y in loader:
        opt.zero_grad()
        crit(model(x), y).backward()
        opt.step()
