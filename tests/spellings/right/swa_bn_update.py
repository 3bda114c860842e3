import torch
from torch.optim.swa_utils import SWALR, AveragedModel, update_bn


def train(model, loader, loss_fn, epochs=300, swa_start=160):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    swa_model = AveragedModel(model)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=100)
    swa_scheduler = SWALR(optimizer, swa_lr=0.05)
    for epoch in range(epochs):
        for x, t in loader:
            optimizer.zero_grad()
            loss_fn(model(x), t).backward()
            optimizer.step()
        if epoch > swa_start:
            swa_model.update_parameters(model)
            swa_scheduler.step()
        else:
            scheduler.step()
    update_bn(loader, swa_model)
