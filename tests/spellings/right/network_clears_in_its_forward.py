import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Linear(4, 4)
        self.dec = nn.Linear(4, 4)

    def forward(self, x, y):
        self.zero_grad()
        return nn.functional.mse_loss(self.dec(self.enc(x)), y)


def train(batches):
    model = Net()
    enc_optim = torch.optim.Adam(model.enc.parameters(), lr=1e-3)
    dec_optim = torch.optim.Adam(model.dec.parameters(), lr=1e-3)
    for epoch in range(10):
        for x, y in batches:
            loss = model(x, y)
            loss.backward()
            enc_optim.step()
            dec_optim.step()
