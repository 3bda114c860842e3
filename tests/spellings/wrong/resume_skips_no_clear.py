def train(model, loader, optimizer, criterion, resume_step):
    for step, (x, y) in enumerate(loader):
        if step < resume_step:
            continue
        criterion(model(x), y).backward()
        optimizer.step()  # expect: ACC001
