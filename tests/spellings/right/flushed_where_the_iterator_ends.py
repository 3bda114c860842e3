"""The iterator is asked in the loop, and the last window is flushed by the handler that finds it empty."""


def train(model, optimizer, loader, criterion, accumulation_steps, epochs):
    for _ in range(epochs):
        batches = iter(loader)
        step = 0
        optimizer.zero_grad()
        while True:
            try:
                x, y = next(batches)
            except StopIteration:
                if step % accumulation_steps:
                    optimizer.step()
                    optimizer.zero_grad()
                break
            (criterion(model(x), y) / accumulation_steps).backward()
            step += 1
            if step % accumulation_steps == 0:
                optimizer.step()
                optimizer.zero_grad()


def train_one_ahead(model, optimizer, loader, criterion, accumulation_steps):
    batches = iter(loader)
    step = 0
    x, y = next(batches)
    while True:
        (criterion(model(x), y) / accumulation_steps).backward()
        step += 1
        if step % accumulation_steps == 0:
            optimizer.step()
            optimizer.zero_grad()
        try:
            x, y = next(batches)
        except StopIteration:
            optimizer.step()
            optimizer.zero_grad()
            break
