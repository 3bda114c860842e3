"""The same annotation; this class steps the optimizer that it holds, a second time in each turn."""

import torch


class Stepper:
    def __init__(self, optimizer):
        self.inner = optimizer

    def step(self):
        self.inner.step()  # expect: ACC005


def train(model, loader):
    opt = torch.optim.Adam(model.parameters())
    stepper = Stepper(opt)
    for x, y in loader:
        opt.zero_grad()
        torch.nn.functional.mse_loss(model(x), y).backward()
        opt.step()
        again(stepper)


def again(stepper: Stepper):
    stepper.step()
