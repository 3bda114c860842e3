import torch
from torch.optim.swa_utils import SWALR, AveragedModel, update_bn


def train(model, loader, crit, epochs, swa_start, accumulation):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    swa, swa_sched = AveragedModel(model), SWALR(opt, swa_lr=0.05)
    for epoch in range(epochs):
        k = 0
        for x, y in loader:
            k += 1
            is_last = k == len(loader)
            (crit(model(x), y) / accumulation).backward()
            if k % accumulation == 0 or is_last:
                opt.step()
                opt.zero_grad()
        if epoch > swa_start:
            swa.update_parameters(model)
            swa_sched.step()
    update_bn(loader, swa)
