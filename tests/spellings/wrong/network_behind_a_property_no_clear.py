import torch


class Trainer:
    def __init__(self, model, accumulation, loader):
        self.model = model
        self.loader = loader
        self.accumulation = accumulation
        self.optimizer = torch.optim.Adam(model.parameters())

    @property
    def network(self):
        return self.model

    def outputs(self, batch):
        out = self.network(**batch)
        penalty = self.model.penalty()
        if penalty is not None:
            out["loss"] += penalty
        return out

    def train(self):
        for group in self.loader:
            for batch in group:
                loss = self.outputs(batch)["loss"] / len(group)
                loss.backward()
            self.optimizer.step()  # expect: ACC001
