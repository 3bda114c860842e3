import torch


def thirds(net, opt, loader):
    for i, (x, y) in enumerate(loader):
        loss = torch.nn.functional.cross_entropy(net(x), y) * 0.5
        loss.backward()  # expect: ACC003
        if i % 4 == 3 or i == len(loader) - 1:
            opt.step()
            opt.zero_grad()
