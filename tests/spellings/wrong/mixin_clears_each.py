import torch


class ClippingMixin:
    max_norm = 1.0

    def clip(self):
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.max_norm)


class BackwardMixin:
    def backward(self, loss):
        self.optimizer.zero_grad()  # expect: ACC002
        loss.backward()


class Trainer(ClippingMixin, BackwardMixin):
    def __init__(self, model, optimizer, accum):
        self.model, self.optimizer, self.accum = model, optimizer, accum

    def train(self, loader, criterion):
        for i, (x, y) in enumerate(loader):
            self.backward(criterion(self.model(x), y) / self.accum)
            if (i + 1) % self.accum == 0 or i + 1 == len(loader):
                self.clip()
                self.optimizer.step()
