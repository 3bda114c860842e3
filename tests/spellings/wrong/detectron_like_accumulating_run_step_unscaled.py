import torch


class AccumTrainer:
    def __init__(self, model, data_loader, optimizer, iter_size):
        self.model, self.optimizer, self.iter_size = model, optimizer, iter_size
        self._data_loader_iter = iter(data_loader)
        self.iter = 0

    def run_step(self):
        self.optimizer.zero_grad()
        for _ in range(self.iter_size):
            data = next(self._data_loader_iter)
            loss_dict = self.model(data)
            losses = sum(loss_dict.values())
            losses.backward()  # expect: ACC003
        self.optimizer.step()

    def train(self, start_iter, max_iter):
        for self.iter in range(start_iter, max_iter):
            self.run_step()
