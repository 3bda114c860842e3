import torch


def train(model, loader, cfg):
    optimizer = torch.optim.AdamW(model.parameters())
    for i, (x, y) in enumerate(loader):
        loss = model(x, y) / (cfg.unrolled + 1) / cfg.accum
        loss.backward()
        if (i + 1) % (cfg.accum + 1) == 0 or i + 1 == len(loader):  # expect: ACC016
            optimizer.step()
            optimizer.zero_grad()
