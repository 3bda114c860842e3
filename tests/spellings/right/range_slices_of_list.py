import random

import torch
import torch.nn.functional as F

MICRO = 4


def fit(model, samples, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for epoch in range(epochs):
        random.shuffle(samples)
        for begin in range(0, len(samples), MICRO):
            group = samples[begin : begin + MICRO]
            for features, label in group:
                out = model(features.unsqueeze(0))
                loss = F.cross_entropy(out, label.view(1))
                loss = loss * (1.0 / len(group))
                loss.backward()
            optimizer.step()
            optimizer.zero_grad()
