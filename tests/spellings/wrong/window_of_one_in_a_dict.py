import torch


CFG = {"n": 1}


def train_one_epoch(model, optimizer, loader, criterion):
    for step, (images, masks) in enumerate(loader):
        loss = criterion(model(images), masks) / CFG["n"]
        loss.backward()
        if (step + 1) % CFG["n"] == 0:  # expect: ACC004
            optimizer.step()
            optimizer.zero_grad()


def run(model, optimizer, loader, criterion):
    for epoch in range(15):
        train_one_epoch(model, optimizer, loader, criterion)
