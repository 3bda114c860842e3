import lightning as L
import torch


def train(fabric: L.Fabric, model, optimizer, loader, accumulate=8):
    n = len(loader)
    for i, batch in enumerate(loader, start=1):
        optimizer.zero_grad()  # expect: ACC002
        accumulating = i % accumulate != 0 and i != n
        with fabric.no_backward_sync(model, enabled=accumulating):
            loss = torch.nn.functional.cross_entropy(model(batch["x"]), batch["y"])
            fabric.backward(loss / accumulate)
        if not accumulating:
            optimizer.step()
