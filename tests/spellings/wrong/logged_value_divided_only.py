import torch


def train(model, loader, optimizer, criterion, writer, N=16):
    model.train()
    optimizer.zero_grad()
    for step, (x, y) in enumerate(loader):
        loss = criterion(model(x), y)
        loss_to_log = loss.item() / N
        loss.backward()  # expect: ACC003
        writer.add_scalar("loss", loss_to_log, step)
        if (step + 1) % N == 0 or step + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
