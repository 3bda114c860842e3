import torch


class Runner:
    def __init__(self, cfg, model, optimizer, loader):
        self.cfg = cfg
        self.model = model
        self.optimizer = optimizer
        self.loader = loader

    def run_epoch(self):
        for idx, batch in enumerate(self.loader):
            out = self.model(**batch)
            loss = out["loss"] / self.cfg.accum
            loss.backward()
            self.optimizer.step()  # expect: ACC005
            if (idx + 1) % self.cfg.accum == 0 or (idx + 1) == len(self.loader):
                self.optimizer.zero_grad()
