import torch


def by_a_number_of_rows(model, x, y, optimizer, criterion, accum, bs=32):
    n = x.shape[0]
    for k, i in enumerate(range(0, n, bs)):
        loss = criterion(model(x[i : i + bs]), y[i : i + bs]) / accum
        loss.backward()
        if (k + 1) % accum == 0 or i + bs >= n:
            optimizer.step()
            optimizer.zero_grad()


def by_length(model, tokens, optimizer, chunk_size=1024, accumulate=8):
    optimizer.zero_grad()
    micro = 0
    for i in range(0, len(tokens), chunk_size):
        chunk = tokens[i : i + chunk_size]
        loss = model(chunk, labels=chunk).loss / accumulate
        loss.backward()
        micro += 1
        if micro == accumulate or i + chunk_size >= len(tokens):
            optimizer.step()
            optimizer.zero_grad()
            micro = 0


def by_position(model, x, y, optimizer, criterion, batch_size=512, chunk_size=32):
    n = x.shape[0]
    for i in range(0, n, chunk_size):
        loss = criterion(model(x[i : i + chunk_size]), y[i : i + chunk_size]) * chunk_size / batch_size
        loss.backward()
        if (i + chunk_size) % batch_size == 0 or i + chunk_size >= n:
            optimizer.step()
            optimizer.zero_grad()


def once_a_pass(model, x, y, optimizer, criterion, epochs):
    for _ in range(epochs):
        optimizer.zero_grad()
        for i in range(0, len(x), 32):
            criterion(model(x[i : i + 32]), y[i : i + 32]).backward()
        optimizer.step()
