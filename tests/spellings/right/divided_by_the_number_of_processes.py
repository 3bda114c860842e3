import torch


def main(net, loader, criterion, rank, world_size, epochs):
    opt = torch.optim.AdamW(net.parameters())
    for epoch in range(epochs):
        for i, (x, y) in enumerate(loader):
            if i % world_size != rank:
                continue
            loss = criterion(net(x), y) / world_size
            loss.backward()
            opt.step()
            opt.zero_grad()
