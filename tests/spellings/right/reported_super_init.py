from torch.optim import AdamW


class Base:
    def __init__(self, model):
        self.model = model


class Trainer(Base):
    def __init__(self, model):
        super().__init__(model)
        self.optimizer = AdamW(model.parameters())

    def train_epoch(self, loader):
        for batch in loader:
            self.model.zero_grad()
            self.model(batch).backward()
            self.optimizer.step()
