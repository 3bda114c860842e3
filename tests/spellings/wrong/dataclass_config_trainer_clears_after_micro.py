from dataclasses import dataclass

import torch


@dataclass
class TrainConfig:
    lr: float = 3e-4
    accumulate: int = 4
    max_updates: int = 1000


class Trainer:
    def __init__(self, model, stream, cfg: TrainConfig):
        self.model, self.stream, self.cfg = model, stream, cfg
        self.opt = torch.optim.AdamW(model.parameters(), lr=cfg.lr)
        self.update = 0

    def _micro(self, x, y):
        self.opt.zero_grad(set_to_none=True)  # expect: ACC002
        loss = self.model.loss(x, y) / self.cfg.accumulate
        loss.backward()
        return loss.item()

    def run(self):
        it = iter(self.stream)
        while self.update < self.cfg.max_updates:
            total = 0.0
            for _ in range(self.cfg.accumulate):
                total += self._micro(*next(it))
            self.opt.step()
            self.update += 1
