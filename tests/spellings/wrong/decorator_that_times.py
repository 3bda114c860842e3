import functools
import time

import torch


def timed(fn):
    @functools.wraps(fn)
    def inner(*args, **kwargs):
        began = time.time()
        made = fn(*args, **kwargs)
        print(time.time() - began)
        return made

    return inner


def cleared(fn):
    @functools.wraps(fn)
    def inner(self, *args, **kwargs):
        self.optimizer.zero_grad()  # expect: ACC002
        return fn(self, *args, **kwargs)

    return inner


class M:
    def __init__(self, net):
        self.net = net
        self.optimizer = torch.optim.Adam(net.parameters())

    @timed
    def forgetful(self, x, y):
        loss = torch.nn.functional.mse_loss(self.net(x), y)
        loss.backward()
        self.optimizer.step()  # expect: ACC001
        return loss.item()

    @cleared
    def windowed(self, x, y, number, every):
        loss = torch.nn.functional.mse_loss(self.net(x), y) / every
        loss.backward()
        if (number + 1) % every == 0:
            self.optimizer.step()


def main(net, loader):
    m = M(net)
    for x, y in loader:
        print(m.forgetful(x, y))


def windows(net, loader, every):
    m = M(net)
    for number, (x, y) in enumerate(loader):
        m.windowed(x, y, number, every)
