import torch
import torch.nn.functional as F


def fit(model, batches, epochs, accum=4):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for epoch in range(epochs):
        for start in range(0, len(batches), accum):
            optimizer.zero_grad()
            for x, y in batches[start : start + accum]:
                loss = F.cross_entropy(model(x), y)
                loss.backward()  # expect: ACC003
            optimizer.step()
