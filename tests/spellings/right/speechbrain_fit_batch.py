import torch


class Brain:
    def __init__(self, modules, optimizer, accum):
        self.modules = modules
        self.optimizer = optimizer
        self.grad_accumulation_factor = accum
        self.step = 0

    def fit_batch(self, batch):
        should_step = self.step % self.grad_accumulation_factor == 0
        outputs = self.compute_forward(batch)
        loss = self.compute_objectives(outputs, batch)
        (loss / self.grad_accumulation_factor).backward()
        if should_step:
            torch.nn.utils.clip_grad_norm_(self.modules.parameters(), 5.0)
            self.optimizer.step()
            self.optimizer.zero_grad()
        return loss.detach()

    def fit(self, loader, epochs):
        for epoch in range(epochs):
            for batch in loader:
                self.step += 1
                self.fit_batch(batch)
