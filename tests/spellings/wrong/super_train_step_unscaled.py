import torch


class Base:
    def __init__(self, model, lr=1e-3, accum_steps=4):
        self.model = model
        self.accum_steps = accum_steps
        self.optimizer = torch.optim.SGD(model.parameters(), lr=lr)

    def training_step(self, batch):
        x, y = batch
        return torch.nn.functional.cross_entropy(self.model(x), y)

    def fit(self, loader):
        for i, batch in enumerate(loader):
            loss = self.training_step(batch)
            loss.backward()  # expect: ACC003
            if (i + 1) % self.accum_steps == 0 or i + 1 == len(loader):
                self.optimizer.step()
                self.optimizer.zero_grad()


class Smooth(Base):
    def training_step(self, batch):
        loss = super().training_step(batch)
        return loss + 0.1 * sum(p.abs().mean() for p in self.model.parameters())
