import torch


def train(net, loader, n, start_epoch, epochs):
    opt = torch.optim.Adam(net.parameters())
    for epoch in range(epochs):
        for i, x in enumerate(loader):
            last = (i + 1) % n == 0 or i + 1 == len(loader)
            if epoch >= start_epoch:
                (net(x).mean() / n).backward()
                if last:
                    opt.step()
                    opt.zero_grad()
