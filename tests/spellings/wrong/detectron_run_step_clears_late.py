import torch


class SimpleTrainer:
    def __init__(self, model, data_loader, optimizer):
        self.model = model
        self._iter = iter(data_loader)
        self.optimizer = optimizer

    def train(self, start_iter, max_iter):
        for self.iter in range(start_iter, max_iter):
            self.run_step()

    def run_step(self):
        data = next(self._iter)
        losses = sum(self.model(data).values())
        losses.backward()
        self.optimizer.zero_grad()  # expect: ACC012
        self.optimizer.step()
