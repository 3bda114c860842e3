import torch
import torch_xla.core.xla_model as xm


def train(model, loader, opt, lossf, accum):
    model.train()
    for i, (x, y) in enumerate(loader):
        loss = lossf(model(x), y) / accum
        loss.backward()
        xm.optimizer_step(opt, barrier=True)  # expect: ACC005
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.zero_grad()
