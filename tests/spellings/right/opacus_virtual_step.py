import torch
from opacus import PrivacyEngine


def train(model, loader, crit, accum=4):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    privacy_engine = PrivacyEngine()
    model, optimizer, loader = privacy_engine.make_private(module=model, optimizer=optimizer, data_loader=loader, noise_multiplier=1.1, max_grad_norm=1.0)
    for i, (x, y) in enumerate(loader):
        crit(model(x), y).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
        else:
            optimizer.virtual_step()
