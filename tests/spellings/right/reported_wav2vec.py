import torch
from itertools import cycle, islice


def train(model, criterion, loader, fused_adam, scaler, metrics, update_freq, world_size):
    fused_adam.zero_grad()
    itr = islice(loader, len(loader) // update_freq * update_freq)
    for batch, k in zip(itr, cycle(range(update_freq))):
        loss = criterion(model, batch)  # summed over tokens
        scaler.scale(loss).backward()
        metrics.add(batch)
        if (k + 1) % update_freq == 0:
            factor = world_size / metrics.partials["sample_size"]
            scaler.step(fused_adam, scale=1.0 / factor)  # divides the gradients inside step
            scaler.update()
            fused_adam.zero_grad()
