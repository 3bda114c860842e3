import torch


def train(model, loader, optimizer, criterion, accum, save_every):
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y) / accum
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            if (i + 1) % save_every == 0:  # expect: ACC016
                torch.save(model.state_dict(), f"{i}.pt")
                optimizer.step()
                optimizer.zero_grad()
