"""A base class steps an optimizer that its subclasses make, and clear before each forward."""

import math

import torch


class Solver:
    def backward(self, loss):
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        if not math.isnan(norm):
            self.optimizer.step()
        return norm
