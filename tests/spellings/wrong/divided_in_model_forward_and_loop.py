import torch
import torch.nn as nn
import torch.nn.functional as F


class Tagger(nn.Module):
    def __init__(self, dim, n, accum):
        super().__init__()
        self.fc = nn.Linear(dim, n)
        self.accum = accum

    def forward(self, x, y):
        return F.cross_entropy(self.fc(x), y) / self.accum


def train(loader, epochs, accum=4):
    model = Tagger(64, 10, accum)
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(epochs):
        for i, (x, y) in enumerate(loader):
            loss = model(x, y) / accum
            loss.backward()  # expect: ACC014
            if (i + 1) % accum == 0 or i + 1 == len(loader):
                opt.step()
                opt.zero_grad()
