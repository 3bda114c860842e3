def train(model, loader, optimizer, criterion, accum=4):
    for batch in loader:
        loss = criterion(model(batch.x), batch.y) / accum
        loss.backward()
        if batch.closes_window:
            optimizer.step()
            optimizer.zero_grad()
