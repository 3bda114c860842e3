"""The window's N is looked up in an imported table of settings; the clear stands where the window ends, before its last backward."""

import torch
from settings import args


class Learner:
    def __init__(self, model, loader):
        self.model, self.loader = model, loader
        self.step = 0

    def train_batch(self, optimizer, batch):
        accum = args.get("gradient_accumulation_steps", 1)
        if (self.step + 1) % accum == 0:
            optimizer.zero_grad()  # expect: ACC002
        loss = self.model(batch).mean()
        if accum > 1:
            loss = loss / accum
        loss.backward()
        if (self.step + 1) % accum == 0:
            optimizer.step()

    def train(self):
        optimizer = torch.optim.AdamW(self.model.parameters())
        for _ in range(args.epochs):
            for batch in self.loader:
                self.train_batch(optimizer, batch)
                self.step += 1
