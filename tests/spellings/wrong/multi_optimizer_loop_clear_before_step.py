import torch


def train(model, head, loader, criterion):
    optimizers = {"body": torch.optim.AdamW(model.parameters()), "head": torch.optim.SGD(head.parameters(), lr=0.1)}
    for x, y in loader:
        loss = criterion(head(model(x)), y)
        loss.backward()
        for opt in optimizers.values():
            opt.zero_grad()  # expect: ACC012
            opt.step()
