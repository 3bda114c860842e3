import torch


def train_epoch(model, loader, optimizer, criterion, log_every=20):
    model.train()
    for it, (img, lbl) in enumerate(loader):
        out = model(img)
        loss = criterion(out, lbl)
        loss.backward()
        optimizer.step()  # expect: ACC001
        if it % log_every == 0:
            print(it, float(loss))
            optimizer.zero_grad()
