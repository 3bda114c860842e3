import torch


class Trainer:
    def __init__(self, model, loader):
        self.model, self.loader = model, loader
        self.optimizer = torch.optim.Adam(model.parameters())
        self.hooks = []

    def clear(self):
        self.optimizer.zero_grad()

    def by_name(self, name="clear"):
        for batch in self.loader:
            self.model(batch).mean().backward()
            self.optimizer.step()
            getattr(self, name)()

    def and_then(self, after):
        for batch in self.loader:
            self.model(batch).mean().backward()
            self.optimizer.step()
            after()

    def train(self):
        self.and_then(self.clear)

    def with_hooks(self):
        self.hooks.append(self.clear)
        for batch in self.loader:
            self.model(batch).mean().backward()
            self.optimizer.step()
            for hook in self.hooks:
                hook()
