import torch


def train(model, loader, optimizer, scaler, criterion, micro_batch_size):
    for images, targets in loader:
        optimizer.zero_grad(set_to_none=True)
        b = images.shape[0]
        parts = (b + micro_batch_size - 1) // micro_batch_size
        for m in range(parts):
            first, last = m * micro_batch_size, min((m + 1) * micro_batch_size, b)
            with torch.autocast("cuda"):
                loss = criterion(model(images[first:last]), targets[first:last]) * ((last - first) / b)
            scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
