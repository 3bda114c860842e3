import torch
from torch.amp import GradScaler


class Trainer:
    def __init__(self, model, dl, gradient_accumulate_every=2, lr=1e-4):
        self.model, self.dl = model, cycle(dl)
        self.gradient_accumulate_every = gradient_accumulate_every
        self.opt = torch.optim.Adam(model.parameters(), lr=lr)
        self.scaler = GradScaler("cuda")
        self.step, self.train_num_steps = 0, 100000

    def train(self):
        while self.step < self.train_num_steps:
            total_loss = 0.0
            for _ in range(self.gradient_accumulate_every):
                data = next(self.dl)
                with torch.autocast("cuda"):
                    loss = self.model(data)
                    loss = loss / self.gradient_accumulate_every
                    total_loss += loss.item()
                self.scaler.scale(loss).backward()
            self.scaler.step(self.opt)
            self.scaler.update()
            self.opt.zero_grad()
            self.step += 1


def cycle(dl):
    while True:
        for data in dl:
            yield data
