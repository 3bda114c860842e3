"""The data never end, as the name of what gives them says: no window is left over."""


def train(model, loader, optimizer, criterion, accumulation_steps):
    for i, x in enumerate(infinite(loader)):
        (criterion(model(x)) / accumulation_steps).backward()
        if (i + 1) % accumulation_steps == 0:
            optimizer.step()
            optimizer.zero_grad()
