"""Two loops in one, the plain one under a flag: where N is 1 and the flag is set, nothing is cleared."""


def train(model, loader, optimizer, criterion, accum, fast):
    for i, (x, y) in enumerate(loader):
        if fast:
            x = x.half()
        loss = criterion(model(x), y)
        if accum > 1 or not fast:
            (loss / accum).backward()
            if (i + 1) % accum == 0 or i + 1 == len(loader):
                optimizer.step()
                optimizer.zero_grad()
        else:
            loss.backward()
            optimizer.step()  # expect: ACC001
