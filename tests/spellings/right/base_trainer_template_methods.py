import torch


class BaseTrainer:
    def __init__(self, model, opt, accum):
        self.model, self.opt, self.accum = model, opt, accum

    def training_step(self, batch):
        raise NotImplementedError

    def on_step_end(self):
        pass

    def fit(self, loader):
        n = len(loader)
        self.opt.zero_grad()
        for i, batch in enumerate(loader):
            loss = self.training_step(batch) / self.accum
            loss.backward()
            if (i + 1) % self.accum == 0 or i + 1 == n:
                self.opt.step()
                self.opt.zero_grad()
                self.on_step_end()


class Clf(BaseTrainer):
    def training_step(self, batch):
        x, y = batch
        return torch.nn.functional.cross_entropy(self.model(x), y)

    def on_step_end(self):
        print("updated")
