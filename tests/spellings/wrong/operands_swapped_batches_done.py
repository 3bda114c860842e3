import torch


def train(model, dataloader, opt, opt_cfg, criterion):
    gradient_accumulations = int(opt_cfg.gradient_accumulations)
    for i_batch, (imgs, targets) in enumerate(dataloader):
        loss = criterion(model(imgs), targets) / gradient_accumulations
        loss.backward()
        if gradient_accumulations % (i_batch + 1) == 0:  # expect: ACC016
            opt.step()
            opt.zero_grad()
