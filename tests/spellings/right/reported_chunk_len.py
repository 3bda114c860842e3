import torch


def train(model, loader, criterion, epochs, micro):
    opt = torch.optim.AdamW(model.parameters())
    for epoch in range(epochs):
        for x, y in loader:
            opt.zero_grad()
            chunks = x.chunk(micro)
            for xm, ym in zip(chunks, y.chunk(micro)):
                loss = criterion(model(xm), ym) / len(chunks)
                loss.backward()
            opt.step()
