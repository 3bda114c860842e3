import torch


def train(model, loader, optimizer, accum):
    criterion = torch.nn.MSELoss()

    def forward_backward(x, y):
        loss = criterion(model(x), y)
        loss.backward()  # expect: ACC003
        return loss

    fast = torch.compile(forward_backward)
    for i, (x, y) in enumerate(loader):
        fast(x, y)
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
