import torch
import torch.nn.functional as F


class EarlyStopping:
    def __init__(self, patience=3):
        self.patience, self.best, self.bad = patience, float("inf"), 0

    def step(self, value):
        if value < self.best:
            self.best, self.bad = value, 0
        else:
            self.bad += 1
        return self.bad >= self.patience


def fit(model, tr, va, n=2):
    opt = torch.optim.Adam(model.parameters())
    stopper = EarlyStopping()
    for epoch in range(100):
        model.train()
        for i, (x, y) in enumerate(tr, 1):
            (F.mse_loss(model(x), y) / n).backward()  # expect: ACC017
            if i % n == 0 or i == len(tr):
                opt.zero_grad()
        model.eval()
        with torch.no_grad():
            v = sum(F.mse_loss(model(x), y).item() for x, y in va)
        if stopper.step(v):
            break
