import torch


def main(net, loader, criterion, n, epochs):
    opt = torch.optim.AdamW(net.parameters())
    for epoch in range(epochs):
        for i, (x, y) in enumerate(loader):
            loss = criterion(net(x), y) / n
            loss.backward()
            if (i + 1) % n == 0 or i + 1 == len(loader):
                torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            opt.step()  # expect: ACC005
            opt.zero_grad()
