from fvcore.common.checkpoint import Checkpointer, PeriodicCheckpointer


def train(model, loader, optimizer, criterion, folder, max_iter):
    checkpointer = Checkpointer(model, folder, optimizer=optimizer)
    periodic = PeriodicCheckpointer(checkpointer, 100, max_iter=max_iter)
    for iteration, (x, y) in enumerate(loader):
        criterion(model(x), y).backward()
        optimizer.step()  # expect: ACC001
        periodic.step(iteration)
