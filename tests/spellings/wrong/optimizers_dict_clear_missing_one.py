import torch


def train(enc, head, loader, criterion):
    opts = {"enc": torch.optim.Adam(enc.parameters()), "head": torch.optim.Adam(head.parameters())}
    for x, y in loader:
        opts["enc"].zero_grad()
        loss = criterion(head(enc(x)), y)
        loss.backward()
        opts["enc"].step()
        opts["head"].step()  # expect: ACC001
