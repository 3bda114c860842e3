"""An error is raised unless the samples divide into windows of micro-batches: no tail is ever left."""

import torch


def minibatches(config, count):
    divisor = config.size * config.accumulate
    if count % divisor != 0:
        raise ValueError("the samples must divide into windows")
    samples = []
    for _ in range(config.epochs):
        samples.extend(torch.randperm(count).split(config.size))
    return samples


def update(model, optimizer, data, config):
    for i, index in enumerate(minibatches(config, len(data))):
        if i % config.accumulate == 0:
            optimizer.zero_grad()
        (model(data[index]).mean() / config.accumulate).backward()
        if (i + 1) % config.accumulate == 0:
            optimizer.step()


def train(model, stream, config):
    optimizer = torch.optim.Adam(model.parameters())
    for data in stream:
        update(model, optimizer, data, config)
