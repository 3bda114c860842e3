def by_length(model, x, y, optimizer, criterion, accum, bs=32):
    for k, i in enumerate(range(0, len(x), bs)):
        loss = criterion(model(x[i : i + bs]), y[i : i + bs]) / accum
        loss.backward()
        if (k + 1) % accum == 0:  # expect: ACC004
            optimizer.step()
            optimizer.zero_grad()


def by_position(model, x, y, optimizer, criterion, batch_size=512, chunk_size=32):
    n = x.shape[0]
    for i in range(0, n, chunk_size):
        loss = criterion(model(x[i : i + chunk_size]), y[i : i + chunk_size]) * chunk_size / batch_size
        loss.backward()
        if (i + chunk_size) % batch_size == 0:  # expect: ACC004
            optimizer.step()
            optimizer.zero_grad()
