import torch
import torch.nn.functional as F


class HAL:
    def __init__(self, model, anchors, lam):
        self.model, self.anchors, self.lam = model, anchors, lam
        self.optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def train_epoch(self, loader):
        for x, y in loader:
            old_weights = self.model.get_params().detach().clone()
            self.optimizer.zero_grad()
            F.cross_entropy(self.model(x), y).backward()
            self.optimizer.step()  # looks ahead
            with torch.no_grad():
                ahead = self.model(self.anchors)
            self.model.set_params(old_weights)  # undone: the gradient is spent again, with the anchors' beside it
            (self.lam * ((ahead - self.model(self.anchors)) ** 2).mean()).backward()
            self.optimizer.step()
