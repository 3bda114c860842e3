import torch
from torch import nn
from tqdm import tqdm


class Learner:
    def __init__(self, model, train_dl, lr):
        self.model, self.train_dl = model, train_dl
        self.opt = torch.optim.Adam(self.model.parameters(), lr)
        self.loss = nn.BCEWithLogitsLoss()

    def one_batch(self, xb, yb):
        pred = self.model(xb)
        loss = self.loss(pred, yb)
        loss.backward()
        self.opt.step()  # expect: ACC001
        return loss.item()

    def fit(self, epochs):
        for e in range(epochs):
            self.model.train()
            bar = tqdm(self.train_dl)
            for xb, yb in bar:
                bar.set_postfix(loss=self.one_batch(xb, yb))
