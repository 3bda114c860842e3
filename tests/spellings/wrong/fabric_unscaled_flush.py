import torch
from lightning.fabric import Fabric


def train(model, loader, cfg):
    fabric = Fabric(precision="bf16-mixed")
    fabric.launch()
    optimizer = torch.optim.SGD(model.parameters(), lr=cfg.lr)
    model, optimizer = fabric.setup(model, optimizer)
    loader = fabric.setup_dataloaders(loader)
    for i, (x, y) in enumerate(loader):
        accumulating = (i + 1) % cfg.accum != 0 and i + 1 != len(loader)
        with fabric.no_backward_sync(model, enabled=accumulating):
            loss = torch.nn.functional.cross_entropy(model(x), y)
            fabric.backward(loss)  # expect: ACC003
        if not accumulating:
            optimizer.step()
            optimizer.zero_grad()
