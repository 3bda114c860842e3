import torch


class PPOStep:
    def __init__(self, model, optimizer, accumulation, clear_every):
        self.model, self.optimizer = model, optimizer
        self.accumulation = accumulation
        self.seen = 0

    def run(self, batches):
        for i, b in enumerate(batches):
            if i % 2 == 0:
                self.optimizer.zero_grad()  # expect: ACC002
            loss = self.model.loss(b) / self.accumulation
            loss.backward()
            if (i + 1) % self.accumulation == 0 or i + 1 == len(batches):
                self.optimizer.step()
                self.optimizer.zero_grad()
