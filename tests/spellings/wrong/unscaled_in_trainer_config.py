import torch
import torch.nn.functional as F


class Trainer:
    def __init__(self, cfg, model, loader):
        self.cfg = cfg
        self.model = model
        self.loader = loader
        self.opt = torch.optim.AdamW(model.parameters(), lr=cfg.lr)

    def train_one_epoch(self):
        for i, batch in enumerate(self.loader):
            logits = self.model(batch["x"])
            loss = F.cross_entropy(logits, batch["y"])
            loss.backward()  # expect: ACC003
            if (i + 1) % self.cfg.accumulate == 0 or (i + 1) == len(self.loader):
                self.opt.step()
                self.opt.zero_grad()
