"""Gradients cleared after each step, each time in another spelling."""

from torch import nn


def multiplied(model, loader, opt, crit):
    for x, y in loader:
        crit(model(x), y).backward()
        opt.step()
        for p in model.parameters():
            p.grad *= 0


def filled(model, loader, opt, crit):
    for x, y in loader:
        crit(model(x), y).backward()
        opt.step()
        for p in model.parameters():
            p.grad.data.fill_(0.0)


def sliced(model, loader, opt, crit):
    for x, y in loader:
        crit(model(x), y).backward()
        opt.step()
        for p in model.parameters():
            p.grad[...] = 0


def subtracted(model, loader, opt, crit):
    for x, y in loader:
        crit(model(x), y).backward()
        opt.step()
        for p in model.parameters():
            p.grad -= p.grad


def initialised(model, loader, opt, crit):
    for x, y in loader:
        crit(model(x), y).backward()
        opt.step()
        for p in model.parameters():
            nn.init.zeros_(p.grad)
