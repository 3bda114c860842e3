import torch


def finetune(model, stages, criterion):
    for stage, loader in enumerate(stages):
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3 * 0.1**stage)
        for x, y in loader:
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()  # expect: ACC001
