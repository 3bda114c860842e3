import torch


def train(enc, dec, loader, criterion):
    opt_enc = torch.optim.Adam(enc.parameters(), lr=1e-3)
    opt_dec = torch.optim.Adam(dec.parameters(), lr=1e-3)
    for x, y in loader:
        opt_enc.zero_grad()
        opt_enc.zero_grad()
        loss = criterion(dec(enc(x)), y)
        loss.backward()
        opt_enc.step()
        opt_dec.step()  # expect: ACC001
