import torch
import torch.nn.functional as F


def main(model, loader, args, helper, engine):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    params = list(model.parameters())
    for epoch in range(args.epochs):
        for x, y in loader:
            optimizer.zero_grad()
            helper.first(x, y)
            optimizer.step()
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
