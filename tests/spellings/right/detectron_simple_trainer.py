import torch


class SimpleTrainer:
    def __init__(self, model, data_loader, optimizer):
        self.model = model
        self.data_loader = data_loader
        self._iter = iter(data_loader)
        self.optimizer = optimizer

    def train(self, start_iter, max_iter):
        for self.iter in range(start_iter, max_iter):
            self.before_step()
            self.run_step()
            self.after_step()

    def before_step(self): ...

    def after_step(self): ...

    def run_step(self):
        data = next(self._iter)
        loss_dict = self.model(data)
        if isinstance(loss_dict, torch.Tensor):
            losses = loss_dict
        else:
            losses = sum(loss_dict.values())
        self.optimizer.zero_grad()
        losses.backward()
        self.after_backward()
        self.optimizer.step()

    def after_backward(self): ...
