import torch
import torch.nn as nn


class Trainer:
    def __init__(self, model: nn.Module, lr: float = 1e-5, beta: float = 0.1):
        self.model = model
        self.beta = beta
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=lr)
        self.num_steps = 0

    def forward_backward(self, batch):
        logits = self.model(batch.ids)
        logprobs = logits.log_softmax(-1).gather(-1, batch.ids.unsqueeze(-1)).squeeze(-1)
        loss = -(logprobs * batch.advantage).mean()
        loss.backward()
        return loss.detach()

    def train_step(self, batch):
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.forward_backward(batch)
        self.optimizer.step()
        self.num_steps += 1
        return loss.item()

    def run(self, episodes):
        for ep in episodes:
            self.train_step(ep)
