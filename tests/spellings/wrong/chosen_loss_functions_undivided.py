"""The loss is one of several functions by the user's choice, each a mean over the samples; nothing divides it."""

from torch import nn


def entropy(logits, _):
    return -(logits.softmax(1) * logits.log_softmax(1)).sum(1)


def train(model, loader, optimizer, args):
    loss_fn = {"entropy": entropy, "cross_entropy": nn.CrossEntropyLoss()}[args.loss]
    optimizer.zero_grad()
    for i, (x, y) in enumerate(loader):
        loss = loss_fn(model(x), y).mean()
        loss.backward()  # expect: ACC003
        if (i + 1) % args.accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
