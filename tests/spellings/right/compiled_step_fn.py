import torch


def train(model, loader, optimizer, criterion, accum):
    def forward_backward(x, y):
        loss = criterion(model(x), y) / accum
        loss.backward()
        return loss

    fast = torch.compile(forward_backward, mode="max-autotune")
    for i, (x, y) in enumerate(loader):
        fast(x, y)
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad(set_to_none=False)
