import torch


def run(net, loader, crit, opt, n, epochs):
    for epoch in range(epochs):
        for i, (x, y) in enumerate(loader):
            opt.zero_grad()  # expect: ACC002
            (crit(net(x), y) / n).backward()
            if (i + 1) % n == 0 or i + 1 == len(loader):
                opt.step()


def main(net, loader, crit):
    net.body.requires_grad_(False)
    run(net, loader, crit, torch.optim.Adam(net.head.parameters()), 1, 2)
    net.body.requires_grad_(True)
    run(net, loader, crit, torch.optim.Adam(net.parameters(), 1e-5), 8, 10)
