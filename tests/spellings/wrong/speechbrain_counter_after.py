import torch


class Brain:
    def __init__(self, modules, optimizer, accum):
        self.modules = modules
        self.optimizer = optimizer
        self.grad_accumulation_factor = accum
        self.step = 0

    def fit_batch(self, x, y):
        should_step = self.step % self.grad_accumulation_factor == 0
        loss = torch.nn.functional.cross_entropy(self.modules(x), y)
        (loss / self.grad_accumulation_factor).backward()
        if should_step:  # expect: ACC016
            torch.nn.utils.clip_grad_norm_(self.modules.parameters(), 5.0)
            self.optimizer.step()
            self.optimizer.zero_grad()
        self.step += 1
        return loss.detach()

    def fit(self, loader, epochs):
        for epoch in range(epochs):
            for x, y in loader:
                self.fit_batch(x, y)
