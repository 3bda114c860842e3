import torch
from accelerate import Accelerator


class AccTrainer:
    def __init__(self, model, loader, loss_fn):
        self.accelerator = Accelerator(gradient_accumulation_steps=4)
        opt = torch.optim.AdamW(model.parameters())
        self.model, self.opt, self.loader = self.accelerator.prepare(model, opt, loader)
        self.loss_fn = loss_fn

    def fit(self):
        for x, y in self.loader:
            with self.accelerator.accumulate(self.model):
                loss = self.loss_fn(self.model(x), y)
                self.accelerator.backward(loss)
                self.opt.step()  # expect: ACC001
