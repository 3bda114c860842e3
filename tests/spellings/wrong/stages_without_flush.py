import torch


def main(net, a, b, crit, n):
    warm = torch.optim.Adam(net.parameters(), 1e-3)
    for i, (x, y) in enumerate(a):
        (crit(net(x), y) / n).backward()
        if (i + 1) % n == 0:  # expect: ACC004
            warm.step()
            warm.zero_grad()
    fine = torch.optim.SGD(net.parameters(), 1e-4)
    for i, (x, y) in enumerate(b):
        (crit(net(x), y) / n).backward()
        if (i + 1) % n == 0:  # expect: ACC004
            fine.step()
            fine.zero_grad()
