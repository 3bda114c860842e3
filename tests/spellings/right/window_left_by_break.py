import torch


def train(model, loader, criterion, iters, accum):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    for it in range(iters):
        opt.zero_grad()
        for i, (x, y) in enumerate(loader):
            loss = criterion(model(x), y) / accum
            loss.backward()
            if i + 1 >= accum:
                break
        opt.step()
