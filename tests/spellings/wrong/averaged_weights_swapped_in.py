import torch


def train(config, model, loader, optimizer):
    for epoch in range(config.epochs):
        for step, (x, y) in enumerate(loader):
            loss = torch.nn.functional.mse_loss(model(x), y) / config.accum
            loss.backward()
            if (step + 1) % config.accum == 0:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
        if config.use_swa:
            optimizer.swap_swa_sgd()
