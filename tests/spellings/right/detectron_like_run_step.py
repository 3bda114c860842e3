import torch


class SimpleTrainer:
    def __init__(self, model, data_loader, optimizer):
        self.model, self.optimizer = model, optimizer
        self._data_loader_iter = iter(data_loader)
        self.iter = 0

    def run_step(self):
        data = next(self._data_loader_iter)
        loss_dict = self.model(data)
        losses = sum(loss_dict.values())
        self.optimizer.zero_grad()
        losses.backward()
        self.optimizer.step()

    def train(self, start_iter, max_iter):
        for self.iter in range(start_iter, max_iter):
            self.run_step()
