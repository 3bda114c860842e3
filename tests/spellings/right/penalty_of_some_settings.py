"""A penalty that only some settings compute: a turn that leaves it alone never follows one that set it."""


def train(args, model, loader, criterion, optimizer, pairing):
    penalty = 0
    for x, y in loader:
        if args.plain:
            outputs = model(x)
        elif args.pairs:
            outputs = model(x)
            penalty = pairing(outputs, outputs)
        else:
            outputs, penalty = model(x)
        (criterion(outputs, y) + args.beta * penalty).backward()
        optimizer.step()
        optimizer.zero_grad()
