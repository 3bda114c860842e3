import torch


def fit(model, loaders, optimizer, criterion, epochs, accum=4):
    for epoch in range(epochs):
        for phase in ("train", "val"):
            training = phase == "train"
            model.train(training)
            n = len(loaders[phase])
            for i, (x, y) in enumerate(loaders[phase]):
                with torch.set_grad_enabled(training):
                    loss = criterion(model(x), y)
                if not training:
                    continue
                (loss / accum).backward()
                if (i + 1) % accum == 0 or i + 1 == n:
                    optimizer.step()
                    optimizer.zero_grad()
