import torch.nn.functional as F


def train(model, loader, opt, top, epochs):
    for epoch in range(1, epochs + 1):
        window = min(epoch, top)
        filled = 0
        for x, y in loader:
            (F.cross_entropy(model(x), y) / window).backward()
            filled += 1
            if filled == window:
                opt.step()
                opt.zero_grad()
                filled = 0
        if filled:
            opt.step()
            opt.zero_grad()
