def train(model, loader, optimizer, criterion, schedule, accum=4):
    for x, y in loader:
        loss = criterion(model(x), y) / accum
        loss.backward()
        if schedule.is_due():
            optimizer.step()
            optimizer.zero_grad()
