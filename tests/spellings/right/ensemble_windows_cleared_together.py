import torch


def train(networks, loaders, compute, iterations, accum):
    optimizers = [torch.optim.Adam(network.parameters()) for network in networks]
    for _ in range(iterations):
        for optimizer in optimizers:
            optimizer.zero_grad()
        for k, network in enumerate(networks):
            for _ in range(accum):
                x, y = next(loaders[k])
                (compute(network(x), y) / accum).backward()
            optimizers[k].step()


def train_heads(model, loaders, heads, trunk, compute, iterations, accum):
    for _ in range(iterations):
        trunk.zero_grad()
        for optimizer in heads.values():
            optimizer.zero_grad()
        for task in loaders:
            for _ in range(accum):
                x, y = next(loaders[task])
                (compute[task](model(x, task), y) / accum).backward()
            heads[task].step()
        trunk.step()
