import torch


class BaseTrainer:
    def __init__(self, model, opt, accum):
        self.model, self.opt, self.accum = model, opt, accum

    def on_batch_start(self):
        self.opt.zero_grad()  # expect: ACC002

    def training_step(self, batch):
        x, y = batch
        return torch.nn.functional.cross_entropy(self.model(x), y)

    def fit(self, loader):
        n = len(loader)
        for i, batch in enumerate(loader):
            self.on_batch_start()
            loss = self.training_step(batch) / self.accum
            loss.backward()
            if (i + 1) % self.accum == 0 or i + 1 == n:
                self.opt.step()
