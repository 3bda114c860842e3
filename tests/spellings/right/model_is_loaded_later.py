"""The model is None until a method loads it; the step is followed by its zero_grad."""

import torch
from library import load


class Learner:
    def __init__(self, rank):
        self.rank = rank
        self.model = None

    def load(self, name):
        self.model = load(name)

    def make_optimizer(self):
        groups = [{"params": [p for n, p in self.model.named_parameters() if "bias" not in n]}]
        self.optimizer = torch.optim.AdamW(groups)

    def parallel(self):
        if self.rank != -1:
            self.model = torch.nn.parallel.DistributedDataParallel(self.model)

    def train(self, loader):
        for x in loader:
            self.model(x).mean().backward()
            self.optimizer.step()
            self.model.zero_grad()
