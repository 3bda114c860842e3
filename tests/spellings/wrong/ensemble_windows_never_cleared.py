import torch


def train(networks, loaders, compute, iterations, accum):
    optimizers = [torch.optim.Adam(network.parameters()) for network in networks]
    for _ in range(iterations):
        for k, network in enumerate(networks):
            for _ in range(accum):
                x, y = next(loaders[k])
                (compute(network(x), y) / accum).backward()
            optimizers[k].step()  # expect: ACC001
