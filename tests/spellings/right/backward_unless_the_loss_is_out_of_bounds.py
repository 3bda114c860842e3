"""A backward that only a loss within bounds gets, plain or scaled: that none ever is, is no way of training."""

import math

import torch
from apex import amp


class Trainer:
    def __init__(self, model, loader, accumulate, fp_16):
        self.model, self.loader = model, loader
        self.optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        self.accumulate = accumulate
        self.fp_16 = fp_16

    def train(self, epochs):
        def is_valid_number(x):
            return not (math.isnan(x) or math.isinf(x) or x > 1e4)

        for _ in range(epochs):
            for i, (images, boxes) in enumerate(self.loader):
                loss, *parts = self.criterion(self.model(images), boxes)
                loss = loss / self.accumulate
                if is_valid_number(loss.item()):
                    if self.fp_16:
                        with amp.scale_loss(loss, self.optimizer) as scaled_loss:
                            scaled_loss.backward()
                    else:
                        loss.backward()
                if (i + 1) % self.accumulate == 0 or i + 1 == len(self.loader):
                    self.optimizer.step()
                    self.optimizer.zero_grad()
