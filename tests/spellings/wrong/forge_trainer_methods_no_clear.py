from dataclasses import dataclass

import torch
import torch.nn as nn


@dataclass
class Episode:
    ids: torch.Tensor
    ref_logprobs: torch.Tensor
    advantage: torch.Tensor


class Trainer:
    def __init__(self, model: nn.Module, lr: float = 1e-5, beta: float = 0.1):
        self.model = model
        self.beta = beta
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=lr)
        self.num_steps = 0

    def forward_backward(self, batch):
        logits = self.model(batch.ids)
        logprobs = logits.log_softmax(-1).gather(-1, batch.ids.unsqueeze(-1)).squeeze(-1)
        kl = torch.exp(batch.ref_logprobs - logprobs) - (batch.ref_logprobs - logprobs) - 1
        loss = (-(torch.exp(logprobs - logprobs.detach()) * batch.advantage) + self.beta * kl).mean()
        loss.backward()
        return loss.detach()

    def train_step(self, batch):
        loss = self.forward_backward(batch)
        self.optimizer.step()  # expect: ACC001
        self.num_steps += 1
        return loss.item()

    def run(self, episodes):
        for ep in episodes:
            self.train_step(ep)
