import torch


def make_step(model, optimizer, criterion, every):
    seen = 0
    optimizer.zero_grad()

    def step(x, y, *, final=False):
        nonlocal seen
        loss = criterion(model(x), y) / every
        loss.backward()
        seen += 1
        if seen == every or final:
            optimizer.step()
            optimizer.zero_grad()
            seen = 0
        return loss.item() * every

    return step


def train(model, loader, epochs=5):
    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)
    step = make_step(model, optimizer, torch.nn.MSELoss(), every=4)
    for _ in range(epochs):
        n = len(loader)
        for k, (x, y) in enumerate(loader, start=1):
            step(x, y, final=k == n)
