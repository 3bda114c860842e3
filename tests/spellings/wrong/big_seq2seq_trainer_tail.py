import math

import torch
import torch.nn as nn
from torch.nn.utils import clip_grad_norm_
from torch.utils.data import DataLoader


class Trainer:
    def __init__(self, args, model, train_set, dev_set):
        self.args = args
        self.model = model
        self.loader = DataLoader(train_set, batch_size=args.batch_size, shuffle=True)
        self.criterion = nn.CrossEntropyLoss(ignore_index=0)
        self.optim = torch.optim.Adam(model.parameters(), lr=args.lr, betas=(0.9, 0.98))
        self.updates = 0

    def train(self):
        for epoch in range(self.args.epochs):
            mean = self._train_epoch(epoch)
            print(epoch, mean, math.exp(mean))

    def _train_epoch(self, epoch):
        self.model.train()
        self.optim.zero_grad()
        total = 0.0
        for i, (src, tgt) in enumerate(self.loader):
            logits = self.model(src, tgt[:, :-1])
            loss = self.criterion(logits.flatten(0, 1), tgt[:, 1:].flatten())
            (loss / self.args.update_freq).backward()
            total += loss.item()
            if (i + 1) % self.args.update_freq:  # expect: ACC004
                continue
            clip_grad_norm_(self.model.parameters(), self.args.clip)
            self.optim.step()
            self.optim.zero_grad(set_to_none=True)
            self.updates += 1
        return total / len(self.loader)
