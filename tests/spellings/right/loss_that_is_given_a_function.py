import torch


def train(model, loader, criterion, distill, accum):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for i, (x, y) in enumerate(loader):
        loss = distill(model(x), lambda out: criterion(out, y) / accum)
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()


def train_with_options(args, model, loader, criterion, distill):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def scaled(out, y):
        return criterion(out, y) / args.accum

    for i, (x, y) in enumerate(loader):
        loss = distill(model(x), lambda out: scaled(out, y))
        loss.backward()
        if (i + 1) % args.accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
