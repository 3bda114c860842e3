import torch


def train(config, net, optimizer, loader, criterion, begin_epoch, end_epoch, accumulate_steps):
    optimizer.zero_grad()
    for epoch in range(begin_epoch, end_epoch):
        for nbatch, (x, y) in enumerate(loader):
            global_steps = len(loader) * epoch + nbatch
            loss = criterion(net(x), y) / accumulate_steps
            loss.backward()
            if (global_steps + 1) % accumulate_steps == 0:
                optimizer.step()
                optimizer.zero_grad()
