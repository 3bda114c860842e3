import torch


def train(model, loader, crit, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for ep in range(epochs):
        for x, y in loader:
            opt.zero_grad(set_to_none=False)
            crit(model(x), y).backward()
            opt.step()
        opt.step()  # expect: ACC005
