import torch
from tqdm import tqdm


def train(model, train_loader, val_loader, optimizer, criterion, epochs, update_freq=16):
    for epoch in range(1, epochs + 1):
        model.train()
        optimizer.zero_grad()
        for step, (x, y) in enumerate(tqdm(train_loader, desc=f"ep {epoch}"), 1):
            loss = criterion(model(x), y) / update_freq
            loss.backward()
            if step % update_freq == 0:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
        validate(model, val_loader)
