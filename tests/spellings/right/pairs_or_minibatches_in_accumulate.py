import torch
from accelerate import Accelerator


class Trainer:
    def __init__(self, config, model):
        self.config = config
        self.accelerator = Accelerator(gradient_accumulation_steps=config.gradient_accumulation_steps)
        optimizer = torch.optim.Adam(model.parameters())
        self.model, self.optimizer = self.accelerator.prepare(model, optimizer)

    def step(self, queries):
        pairs = self.config.penalty == "pairs"
        if pairs:
            for i in range(0, self.config.batch_size, self.config.size):
                with self.accelerator.accumulate(self.model):
                    self.train_pairs(self.model(queries[i : i + self.config.size]))
        for _ in range(self.config.epochs):
            if pairs:
                break
            for i in range(0, self.config.batch_size, self.config.size):
                with self.accelerator.accumulate(self.model):
                    self.train_minibatch(self.model(queries[i : i + self.config.size]))

    def train_minibatch(self, out):
        self.accelerator.backward(out.mean())
        self.optimizer.step()
        self.optimizer.zero_grad()

    def train_pairs(self, out):
        self.accelerator.backward(out.sum())
        self.optimizer.step()
        self.optimizer.zero_grad()
