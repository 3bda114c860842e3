"""Parameter groups gathered from a network's modules; the module that was put together from both networks clears them."""

import torch
from torch import nn

from library import Segmentation, build


def groups(network):
    decay, plain = [], []
    for part in network.modules():
        if isinstance(part, nn.Linear):
            decay.append(part.weight)
            plain.append(part.bias)
    return [dict(params=decay), dict(params=plain, weight_decay=0.0)]


def main(loader, args):
    encoder, decoder = build(args.encoder), build(args.decoder)
    whole = Segmentation(encoder, decoder, nn.NLLLoss())
    optimizers = (torch.optim.SGD(groups(encoder), lr=args.lr), torch.optim.SGD(groups(decoder), lr=args.lr))
    for batch in loader:
        whole.zero_grad()
        whole(batch).mean().backward()
        for optimizer in optimizers:
            optimizer.step()
