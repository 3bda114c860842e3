import argparse
from dataclasses import dataclass

import torch

parser = argparse.ArgumentParser()
parser.add_argument("--accum_steps", type=int, default=4)
parser.add_argument("--world_size", type=int, default=2)
args = parser.parse_args()


@dataclass
class Config:
    accum: int = 4
    gpus: int = 2


def of_fields(model, opt, loader, cfg: Config):
    window = cfg.accum * cfg.gpus
    opt.zero_grad()
    for i, (x, y) in enumerate(loader):
        loss = model(x, y) / window
        loss.backward()
        if (i + 1) % window == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()


def written_again(model, opt, loader, args):
    args.accum_steps = max(1, args.accum_steps // args.world_size)
    opt.zero_grad()
    for i, (x, y) in enumerate(loader):
        loss = model(x, y) / args.accum_steps
        loss.backward()
        if (i + 1) % args.accum_steps == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()


def one_more(model, opt, loader, cfg):
    for i, (x, y) in enumerate(loader):
        loss = model(x, y) / (cfg.accumulation_steps + 1)
        loss.backward()
        if (i + 1) % (cfg.accumulation_steps + 1) == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()


def divided_by_a_part(model, opt, loader, cfg: Config):
    """By what the other part is made good cannot be told: the reducing may sum, and not average."""
    window = cfg.accum * cfg.gpus
    opt.zero_grad()
    for i, (x, y) in enumerate(loader):
        loss = model(x, y) / cfg.accum
        loss.backward()
        if (i + 1) % window == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
