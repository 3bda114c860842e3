import os

import torch

ACC = int(os.environ.get("ACCUM", "4"))


def fit(model, loader, opt, crit, cfg):
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y) / float(cfg["train"]["acc_freq"])
        loss.backward()
        if (i + 1) % cfg["train"]["acc_freq"] == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()


def fit_env(model, loader, opt, crit):
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y) / ACC
        loss.backward()
        if (i + 1) % ACC == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
