"""A micro-step's numbers are added up in a loop that takes no gradient; the tail of each buffer is flushed."""

import torch


class Trainer:
    def __init__(self, policy, buffer, accumulation_steps):
        self.policy = policy
        self.buffer = buffer
        self.accumulation_steps = accumulation_steps
        self.optimizer = torch.optim.AdamW(policy.parameters())

    def _micro_step(self, batch):
        loss = self.policy(batch).mean() / self.accumulation_steps
        loss.backward()
        return {"loss": loss.item()}

    def _update(self):
        totals = {}
        waiting = 0
        for _ in range(4):
            for batch in self.buffer.batches():
                numbers = self._micro_step(batch)
                waiting += 1
                if waiting >= self.accumulation_steps:
                    self.optimizer.step()
                    self.optimizer.zero_grad()
                    waiting = 0
                for name, value in numbers.items():
                    totals[name] = totals.get(name, 0.0) + value
        if waiting > 0:
            self.optimizer.step()
            self.optimizer.zero_grad()
        return totals

    def train(self, steps):
        for _ in range(steps):
            self.buffer.fill(self.policy)
            print(self._update())
