"""No more than some number of batches are gone through, and the last window is flushed at the end of those."""


def train(model, loader, optimizer, criterion, accumulation_steps, limit_train_batches, epochs):
    for _ in range(epochs):
        batches = min(len(loader), limit_train_batches)
        for i, (x, y) in enumerate(loader):
            if i >= batches:
                break
            (criterion(model(x), y) / accumulation_steps).backward()
            if (i + 1) % accumulation_steps == 0 or i + 1 == batches:
                optimizer.step()
                optimizer.zero_grad()
