import torch


class AccumulationState:
    def __init__(self, steps: int, length: int):
        self.steps = steps
        self.length = length
        self.seen = 0

    def advance(self) -> bool:
        self.seen += 1
        return self.seen % self.steps == 0 or self.seen == self.length


def train(model, loader, optimizer, criterion, accum):
    state = AccumulationState(accum, len(loader))
    for x, y in loader:
        loss = criterion(model(x), y) / accum
        loss.backward()
        if state.advance():
            optimizer.step()
            optimizer.zero_grad()
