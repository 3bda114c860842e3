"""A sampler that is annotated as a class of the project: its ``step`` moves samples and spends no gradient."""

import torch
from torch import nn


class LangevinOptimizer(nn.Module):
    def __init__(self, core):
        super().__init__()
        self.core = core
        self.z = nn.Parameter(torch.zeros(8, 4))

    def step(self):
        gradient = torch.autograd.grad(self.core(self.z).sum(), self.z)[0]
        with torch.no_grad():
            self.z.add_(gradient)


class Barrier:
    def __init__(self, network, sampler_optimizer: "LangevinOptimizer | None", turns):
        self.network, self.sampler_optimizer, self.turns = network, sampler_optimizer, turns
        self.opt = torch.optim.Adam(self.network.parameters())

    def train(self):
        for _ in range(self.turns):
            self.sampler_optimizer.step()
            loss = self.network(self.sampler_optimizer.z.detach()).mean()
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            self.sampler_optimizer.step()
