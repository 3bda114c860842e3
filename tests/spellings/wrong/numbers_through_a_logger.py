"""The batches are counted by a range that goes through a logger of another library; nothing divides the loss."""

from library import MetricLogger


def train(model, loader, optimizer, criterion, steps, accum):
    batches = iter(loader)
    logger = MetricLogger()
    for i in logger.log_every(range(steps), 50):
        x, y = next(batches)
        criterion(model(x), y).backward()  # expect: ACC003
        if (i + 1) % accum == 0 or i + 1 == steps:
            optimizer.step()
            optimizer.zero_grad()
