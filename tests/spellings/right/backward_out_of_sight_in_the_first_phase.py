"""DARTS: the architecture's backward stands out of sight, between its clear and its step."""

import torch
from architect import Architect


def train(args, model, loader, held_out):
    w_optim = torch.optim.SGD(model.weights(), args.w_lr)
    alpha_optim = torch.optim.Adam(model.alphas(), args.alpha_lr)
    architect = Architect(model, args.momentum)
    for (x, y), (val_x, val_y) in zip(loader, held_out):
        alpha_optim.zero_grad()
        architect.unrolled_backward(x, y, val_x, val_y, w_optim)
        alpha_optim.step()
        w_optim.zero_grad()
        model.criterion(model(x), y).backward()
        w_optim.step()
