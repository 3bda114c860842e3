"""The model is a property with a setter; ``.grad = None`` for each of its parameters is the clear."""

import torch


class Base:
    def __init__(self):
        self.__model = None

    @property
    def model(self):
        return self.__model

    @model.setter
    def model(self, model):
        self.__model = model


class Client(Base):
    def __init__(self, args):
        super().__init__()
        self.args = args
        self.optim = torch.optim.__dict__[self.args.optimizer]

    def update(self):
        optimizer = self.optim(self.model.parameters(), lr=self.args.lr)
        for _ in range(self.args.epochs):
            for x, y in self.loader:
                loss = self.criterion()(self.model(x), y)
                for param in self.model.parameters():
                    param.grad = None
                loss.backward()
                optimizer.step()
