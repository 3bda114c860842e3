import torch


def train_model(model, optimizer, lossf, X, accumulation_samples=128):
    seen = 0
    optimizer.zero_grad()
    for x, y in X:
        predictions = model(x)
        loss = lossf(predictions, y) * x.shape[0] / accumulation_samples
        loss.backward()
        seen += x.shape[0]
        if seen >= accumulation_samples:
            optimizer.step()
            optimizer.zero_grad()
            seen = 0
    if seen > 0:
        optimizer.step()
        optimizer.zero_grad()
