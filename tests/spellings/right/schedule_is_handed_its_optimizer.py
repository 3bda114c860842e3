def train(model, loader, criterion, optimizer, scheduler, epoch):
    for i, (x, y) in enumerate(loader):
        criterion(model(x), y).backward()
        optimizer.step()
        optimizer.zero_grad()
        scheduler.step(optimizer, epoch + i / len(loader))
