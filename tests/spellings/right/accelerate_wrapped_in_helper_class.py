import torch
from accelerate import Accelerator


class Runner:
    def __init__(self, model, loader, lr, accum):
        self.accelerator = Accelerator(gradient_accumulation_steps=accum)
        opt = torch.optim.AdamW(model.parameters(), lr=lr)
        self.model, self.opt, self.loader = self.accelerator.prepare(model, opt, loader)

    def step(self, batch):
        with self.accelerator.accumulate(self.model):
            loss = self.model(**batch).loss
            self.accelerator.backward(loss)
            self.opt.step()
            self.opt.zero_grad()
        return loss.detach()

    def fit(self, epochs):
        for _ in range(epochs):
            for batch in self.loader:
                self.step(batch)
