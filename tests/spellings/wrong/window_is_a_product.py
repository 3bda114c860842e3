from dataclasses import dataclass

import torch


@dataclass
class Config:
    accum: int = 4
    gpus: int = 2


def unscaled(model, opt, loader, cfg: Config):
    window = cfg.accum * cfg.gpus
    opt.zero_grad()
    for i, (x, y) in enumerate(loader):
        loss = model(x, y)
        loss.backward()  # expect: ACC003
        if (i + 1) % window == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()


def no_flush(model, opt, loader, cfg: Config):
    window = cfg.accum * cfg.gpus
    for epoch in range(10):
        for i, (x, y) in enumerate(loader):
            loss = model(x, y) / window
            loss.backward()
            if (i + 1) % window == 0:  # expect: ACC004
                opt.step()
                opt.zero_grad()


def one_more(model, opt, loader, cfg):
    for i, (x, y) in enumerate(loader):
        loss = model(x, y) / cfg.accumulation_steps
        loss.backward()
        if (i + 1) % (cfg.accumulation_steps + 1) == 0 or i + 1 == len(loader):  # expect: ACC016
            opt.step()
            opt.zero_grad()
