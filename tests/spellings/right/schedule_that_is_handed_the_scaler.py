"""A schedule of another library that was made with the optimizer and is handed the scaler: it takes the step."""

import torch
from library import build_schedule


def train(model, loader, config):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler()
    scheduler = build_schedule(optimizer=optimizer, config=config)
    for _ in range(config.epochs):
        for x, y in loader:
            scheduler.update_rate()
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(x), y)
            scaler.scale(loss).backward()
            scheduler.step(grad_scaler=scaler)
