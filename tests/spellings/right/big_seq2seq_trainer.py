import argparse
import logging
import math
import os
import time
from contextlib import nullcontext

import torch
import torch.nn as nn
from torch.nn.utils import clip_grad_norm_
from torch.utils.data import DataLoader

log = logging.getLogger(__name__)


class LabelSmoothing(nn.Module):
    def __init__(self, pad, eps=0.1):
        super().__init__()
        self.pad, self.eps = pad, eps

    def forward(self, logits, target):
        lp = logits.log_softmax(-1)
        nll = -lp.gather(-1, target.unsqueeze(-1)).squeeze(-1)
        smooth = -lp.mean(-1)
        mask = target.ne(self.pad)
        return ((1 - self.eps) * nll + self.eps * smooth)[mask].mean()


class Trainer:
    def __init__(self, args, model, train_set, dev_set):
        self.args = args
        self.model = model
        self.loader = DataLoader(train_set, batch_size=args.batch_size, shuffle=True)
        self.dev = DataLoader(dev_set, batch_size=args.batch_size)
        self.criterion = LabelSmoothing(args.pad)
        self.optim = torch.optim.Adam(model.parameters(), lr=args.lr, betas=(0.9, 0.98))
        self.sched = torch.optim.lr_scheduler.LambdaLR(self.optim, self._noam)
        self.updates = 0
        self.best = math.inf

    def _noam(self, step):
        step = max(1, step)
        return min(step**-0.5, step * self.args.warmup**-1.5)

    def _autocast(self):
        return torch.autocast("cuda", dtype=torch.bfloat16) if self.args.bf16 else nullcontext()

    def train(self):
        for epoch in range(self.args.epochs):
            t0 = time.time()
            mean = self._train_epoch(epoch)
            val = self._evaluate()
            log.info("epoch %d train %.3f val %.3f (%.1fs)", epoch, mean, val, time.time() - t0)
            if val < self.best:
                self.best = val
                torch.save(self.model.state_dict(), os.path.join(self.args.out, "best.pt"))

    def _train_epoch(self, epoch):
        self.model.train()
        total, last = 0.0, len(self.loader) - 1
        for i, (src, tgt) in enumerate(self.loader):
            with self._autocast():
                logits = self.model(src, tgt[:, :-1])
                loss = self.criterion(logits, tgt[:, 1:])
            (loss / self.args.update_freq).backward()
            total += loss.item()
            if i != last and (i + 1) % self.args.update_freq:
                continue
            clip_grad_norm_(self.model.parameters(), self.args.clip)
            self.optim.step()
            self.sched.step()
            self.optim.zero_grad(set_to_none=True)
            self.updates += 1
            if self.updates % self.args.log_interval == 0:
                log.info("update %d loss %.3f lr %.2e", self.updates, loss.item(), self.sched.get_last_lr()[0])
        return total / (last + 1)

    @torch.no_grad()
    def _evaluate(self):
        self.model.eval()
        losses = [self.criterion(self.model(s, t[:, :-1]), t[:, 1:]).item() for s, t in self.dev]
        return sum(losses) / len(losses)


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--update-freq", type=int, default=4)
    Trainer(p.parse_args(), None, None, None).train()
