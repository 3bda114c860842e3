"""Two loops in one: a window where N > 1, and a plain step a micro-batch where it is 1, which never clears."""


def train(model, loader, optimizer, criterion, accum):
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y)
        if accum > 1:
            (loss / accum).backward()
            if (i + 1) % accum == 0 or i + 1 == len(loader):
                optimizer.step()
                optimizer.zero_grad()
        else:
            loss.backward()
            optimizer.step()  # expect: ACC001
