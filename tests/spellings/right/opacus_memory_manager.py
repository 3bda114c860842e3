import torch
from opacus import PrivacyEngine
from opacus.utils.batch_memory_manager import BatchMemoryManager


def train(model, optimizer, loader, criterion, epochs):
    engine = PrivacyEngine()
    model, optimizer, loader = engine.make_private(module=model, optimizer=optimizer, data_loader=loader, noise_multiplier=1.0, max_grad_norm=1.0)
    for _ in range(epochs):
        with BatchMemoryManager(data_loader=loader, max_physical_batch_size=64, optimizer=optimizer) as mem_loader:
            for x, y in mem_loader:
                optimizer.zero_grad()
                loss = criterion(model(x), y)
                loss.backward()
                optimizer.step()
