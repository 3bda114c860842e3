"""A schedule of another library takes the step; the scaler that it is handed is None without half precision."""

import torch
from library import build_schedule


def train(model, loader, config):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    kind, scaler = config.pop("type"), None
    if kind == "pytorch":
        scaler = torch.amp.GradScaler()
    scheduler = build_schedule(optimizer=optimizer, config=config)
    for _ in range(config.epochs):
        for x, y in loader:
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(x), y)
            if kind == "pytorch":
                scaler.scale(loss).backward()
            else:
                loss.backward()
            scheduler.step(grad_scaler=scaler)
