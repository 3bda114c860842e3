import torch


def upd(opt):
    opt.step()
    opt.zero_grad()


def train(model, loader, opt, crit, every):
    k = 0
    for x, y in loader:
        crit(model(x), y).div(every).backward()
        k += 1
        if k > every:  # expect: ACC016
            upd(opt)
            k = 0
    if k > 0:
        upd(opt)
