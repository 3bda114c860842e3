import torch


def by_the_datas_length(model, loader, criterion, accum, epochs, lr=0.01):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    total = epochs * len(loader)
    done = 0
    for epoch in range(epochs):
        for x, y in loader:
            opt.param_groups[0]["lr"] = lr * (1 - done / total) ** 0.9
            (criterion(model(x), y) / accum).backward()
            done += 1
            if done % accum == 0 or done == total:
                opt.step()
                opt.zero_grad()


def by_a_setting(model, loader, criterion, args):
    opt = torch.optim.SGD(model.parameters(), lr=args.lr)
    done = 0
    for epoch in range(args.epochs):
        for x, y in loader:
            opt.param_groups[0]["lr"] = args.lr * (1 - done / args.turns) ** 0.9
            (criterion(model(x), y) / args.accum).backward()
            done += 1
            if done % args.accum == 0 or done == args.turns:
                opt.step()
                opt.zero_grad()
