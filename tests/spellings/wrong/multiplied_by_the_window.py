import torch


def train(net, loader, optimizer, crit, accum_iter):
    for i, (img, mask) in enumerate(loader):
        loss = crit(net(img), mask) * accum_iter
        loss.backward()  # expect: ACC003
        if (i + 1) % accum_iter == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
