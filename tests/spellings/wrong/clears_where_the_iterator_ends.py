"""The handler that finds the iterator empty steps once more, on the last window too when that was whole, and clears nothing."""


def train(model, optimizer, loader, criterion, accumulation_steps, epochs):
    for _ in range(epochs):
        batches = iter(loader)
        step = 0
        while True:
            try:
                x, y = next(batches)
            except StopIteration:
                optimizer.step()  # expect: ACC001
                break
            (criterion(model(x), y) / accumulation_steps).backward()
            step += 1
            if step % accumulation_steps == 0:
                optimizer.step()  # allow: ACC001
                optimizer.zero_grad()
