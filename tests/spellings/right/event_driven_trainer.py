from collections import defaultdict

import torch


class Events:
    def __init__(self):
        self.handlers = defaultdict(list)

    def on(self, name):
        def deco(fn):
            self.handlers[name].append(fn)
            return fn

        return deco

    def fire(self, name, *args):
        for fn in self.handlers[name]:
            fn(*args)


def train(model, loader, optimizer, criterion):
    events = Events()

    @events.on("after_backward")
    def clip():
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)

    @events.on("after_backward")
    def step():
        optimizer.step()

    @events.on("after_step")
    def clear():
        optimizer.zero_grad()

    for x, y in loader:
        criterion(model(x), y).backward()
        events.fire("after_backward")
        events.fire("after_step")
