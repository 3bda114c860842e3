import torch


def train(model, loader, optimizer, criterion, accum):
    do_step = False
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y) / accum
        loss.backward()
        if do_step:
            optimizer.step()
            optimizer.zero_grad()
        # forgot: do_step = (i + 1) % accum == 0
        print(i, loss.item())  # expect: ACC017|ACC005
