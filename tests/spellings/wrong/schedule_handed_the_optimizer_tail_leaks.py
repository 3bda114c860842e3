def train(loader, model, criterion, optimizer, scheduler, epoch, config):
    iters = len(loader)
    i = 1
    for images, labels in loader:
        loss = criterion(model(images), labels) / config.accumulation_steps
        loss.backward()
        if i % config.accumulation_steps == 0:  # expect: ACC004
            optimizer.step()
            optimizer.zero_grad()
            scheduler.step(optimizer, i / iters + epoch)
        i += 1
