import torch


class Alg:
    def __init__(self, model, lr):
        self.model = model
        self.optimizer = torch.optim.Adam(model.parameters(), lr=lr)

    def update(self, x):
        loss = self.model(x).mean()
        loss.backward()
        self.optimizer.step()


def train(alg: Alg, model, loader):
    for x in loader:
        alg.optimizer.zero_grad()

        alg.update(x)
