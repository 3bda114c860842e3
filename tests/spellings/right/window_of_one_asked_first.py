import torch.nn.functional as F


def train(net, loader, optimizer, accum=1):
    for i, (x, y) in enumerate(loader):
        loss = F.mse_loss(net(x), y)
        if accum > 1:
            loss = loss / accum
        loss.backward()
        if accum <= 1 or (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()


def train_by_config(model, optimizer, loader, config):
    accum = config.get("accum") or 1
    for i, (x, y) in enumerate(loader):
        loss = F.mse_loss(model(x), y) / accum
        loss.backward()
        if (i + 1) % accum != 0 and (i + 1) != len(loader):
            continue
        optimizer.step()
        optimizer.zero_grad()


def train_in_turns(model, optimizer, loader, update_freq=1, epochs=1):
    for epoch in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            F.mse_loss(model(x), y).backward()
            if epoch >= update_freq:
                optimizer.step()
