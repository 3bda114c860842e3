import torch


def train(net, loader, n, start_epoch, epochs):
    opt = torch.optim.Adam(net.parameters())
    for epoch in range(epochs):
        for i, x in enumerate(loader):
            if epoch >= start_epoch:
                (net(x).mean() / n).backward()
                if (i + 1) % n == 0:  # expect: ACC004
                    opt.step()
                    opt.zero_grad()
