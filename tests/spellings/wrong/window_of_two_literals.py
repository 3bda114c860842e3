import torch


def by_arms(model, loader, args):
    if args.dev:
        accum = 2
    else:
        accum = 16
    optimizer = torch.optim.Adam(model.parameters())
    for epoch in range(args.epochs):
        for i, batch in enumerate(loader):
            model(batch).mean().backward()  # expect: ACC003
            if (i + 1) % accum == 0 or i + 1 == len(loader):
                optimizer.step()
                optimizer.zero_grad()


def by_choice(model, loader, args):
    accum = 2 if args.dev else 16
    optimizer = torch.optim.Adam(model.parameters())
    for epoch in range(args.epochs):
        for i, batch in enumerate(loader):
            model(batch).mean().backward()  # expect: ACC003
            if (i + 1) % accum == 0 or i + 1 == len(loader):
                optimizer.step()
                optimizer.zero_grad()
