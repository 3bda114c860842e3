"""Some rows, and parameters picked by their names, are kept as they are: the other gradients are stepped on."""

import torch


def rows(args, model, loader, optimizer):
    for i, (x, y) in enumerate(loader):
        (model(x, y) / args.accum).backward()
        if (i + 1) % args.accum == 0 or i == len(loader) - 1:
            for parameter in model.embeddings.parameters():
                kept = torch.arange(parameter.grad.shape[0]) != args.token
                parameter.grad[kept, :] = 0
            optimizer.step()
            optimizer.zero_grad()


def names(args, model, loader, criterion, optimizer, epochs):
    for epoch in range(epochs):
        for i, (x, y) in enumerate(loader):
            loss = criterion(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            if epoch * len(loader) + i < args.frozen:
                for name, parameter in model.named_parameters():
                    if "prototypes" in name:
                        parameter.grad = None
            optimizer.step()
