import torch


class StepScheduler:
    """Counts micro-batches, and schedules no learning rate: it has no ``step()``."""

    def __init__(self, accumulate, max_steps):
        self.accumulate, self.max_steps, self.steps, self.micro = accumulate, max_steps, 0, 0

    def advance(self):
        self.micro += 1
        ready = self.micro % self.accumulate == 0
        if ready:
            self.steps += 1
        return ready

    @property
    def done(self):
        return self.steps >= self.max_steps


def train(model, loader, criterion, accumulate: int, max_steps: int):
    optimizer = torch.optim.AdamW(model.parameters())
    clock = StepScheduler(accumulate, max_steps)
    while not clock.done:
        for x, y in loader:
            criterion(model(x), y).backward()  # expect: ACC003
            if clock.advance():
                optimizer.step()
                optimizer.zero_grad()
                if clock.done:
                    break
