import torch


def plain(model, opt, loader, crit):
    for x, y in loader:
        opt.zero_grad()
        crit(model(x), y).backward()
        opt.step()


def windowed(model, opt, loader, crit, accum):
    opt.zero_grad()
    for i, (x, y) in enumerate(loader):
        crit(model(x), y).backward()  # expect: ACC003
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()


def main(model, loader, crit, args):
    opt = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(args.epochs):
        windowed(model, opt, loader, crit, args.accum)
        if epoch % 10 == 0:
            plain(model, opt, loader, crit)
