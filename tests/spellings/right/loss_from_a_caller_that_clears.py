import torch


class Alg:
    def __init__(self, model, lr):
        self.model = model
        self.optimizer = torch.optim.Adam(model.parameters(), lr=lr)

    def update(self, loss):
        loss.backward()
        self.optimizer.step()


def train(alg, model, loader):
    for x in loader:
        alg.optimizer.zero_grad()
        loss = model(x).mean()
        alg.update(loss)
