"""Parameter groups gathered from a network's modules; only the encoder's are cleared."""

import torch
from torch import nn

from library import build


def groups(network):
    decay, plain = [], []
    for part in network.modules():
        if isinstance(part, nn.Linear):
            decay.append(part.weight)
            plain.append(part.bias)
    return [dict(params=decay), dict(params=plain, weight_decay=0.0)]


def main(loader, criterion, args):
    encoder, decoder = build(args.encoder), build(args.decoder)
    first, second = torch.optim.SGD(groups(encoder), lr=args.lr), torch.optim.SGD(groups(decoder), lr=args.lr)
    for x, y in loader:
        first.zero_grad()
        criterion(decoder(encoder(x)), y).backward()
        first.step()
        second.step()  # expect: ACC001
