import torch


def fit(model, loaders, optimizer, criterion, epochs, accum=4):
    for epoch in range(epochs):
        for phase in ("train", "val"):
            n = len(loaders[phase])
            for i, (x, y) in enumerate(loaders[phase]):
                optimizer.zero_grad()  # expect: ACC002
                with torch.set_grad_enabled(phase == "train"):
                    loss = criterion(model(x), y)
                    if phase == "train":
                        (loss / accum).backward()
                        if (i + 1) % accum == 0 or i + 1 == n:
                            optimizer.step()
