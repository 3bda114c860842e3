import torch


class Trainer:
    def __init__(self, model, optimizer, accum):
        self.model, self.optimizer, self.accum = model, optimizer, accum

    def compute_loss(self, batch):
        x, y = batch
        return torch.nn.functional.mse_loss(self.model(x), y) / self.accum

    def train(self, loader):
        for i, batch in enumerate(loader):
            loss = self.compute_loss(batch)
            loss = loss / self.accum
            loss.backward()  # expect: ACC014
            if (i + 1) % self.accum == 0 or i + 1 == len(loader):
                self.optimizer.step()
                self.optimizer.zero_grad()
