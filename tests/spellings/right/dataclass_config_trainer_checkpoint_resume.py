from dataclasses import dataclass

import torch


@dataclass
class TrainConfig:
    lr: float = 3e-4
    accumulate: int = 4
    max_updates: int = 1000
    ckpt_every: int = 100


class Trainer:
    def __init__(self, model, stream, cfg: TrainConfig):
        self.model, self.stream, self.cfg = model, stream, cfg
        self.opt = torch.optim.AdamW(model.parameters(), lr=cfg.lr)
        self.update = 0

    def load(self, path):
        state = torch.load(path)
        self.model.load_state_dict(state["model"])
        self.opt.load_state_dict(state["opt"])
        self.update = state["update"]

    def save(self, path):
        torch.save({"model": self.model.state_dict(), "opt": self.opt.state_dict(), "update": self.update}, path)

    def run(self):
        it = iter(self.stream)
        while self.update < self.cfg.max_updates:
            self.opt.zero_grad(set_to_none=True)
            for _ in range(self.cfg.accumulate):
                x, y = next(it)
                loss = self.model.loss(x, y) / self.cfg.accumulate
                loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.opt.step()
            self.update += 1
            if self.update % self.cfg.ckpt_every == 0:
                self.save(f"ckpt_{self.update}.pt")
