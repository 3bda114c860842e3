import torch.nn.functional as F


def fit(model, batches, optimizer, epochs, accum=4):
    for epoch in range(epochs):
        for start in range(0, len(batches), accum):
            part = batches[start : start + accum]
            optimizer.zero_grad()
            for x, y in part:
                loss = F.cross_entropy(model(x), y) / len(part)
                loss.backward()
            optimizer.step()
