import torch


def train(model, loader, optimizer, criterion, scales=(0.5, 1.0, 1.5)):
    """Each image contributes at every scale; the losses are meant to add up."""
    for x, y in loader:
        optimizer.zero_grad()
        for s in scales:
            xs = torch.nn.functional.interpolate(x, scale_factor=s)
            loss = criterion(model(xs), y)
            loss.backward()
        optimizer.step()
