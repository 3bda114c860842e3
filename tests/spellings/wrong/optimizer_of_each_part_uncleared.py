import torch


def train(models, loader, steps):
    optimizers = [torch.optim.Adam(model.parameters(), lr=1e-3) for model in models]
    for x in loader:
        for i in range(len(models)):
            loss = (models[i](x) ** 2).mean()
            loss.backward()
            optimizers[i].step()  # expect: ACC001
