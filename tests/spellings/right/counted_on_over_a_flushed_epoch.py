import torch


def train(model, loader, criterion, accum, epochs):
    opt = torch.optim.Adam(model.parameters())
    batches = len(loader)
    done = 0
    for epoch in range(epochs):
        for x, y in loader:
            done += 1
            (criterion(model(x), y) / accum).backward()
            if done % accum == 0 or done % batches == 0:
                opt.step()
                opt.zero_grad()
