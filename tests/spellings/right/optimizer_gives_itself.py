import torch
from lib import optimizers


def fit(model, X, y):
    optimizer = optimizers.SGD(model.parameters(), lr=0.01)
    for i in range(1000):
        cost = model.cost(y, model.forward(X).flatten())
        cost.backward()
        optimizer.step().zero_grad()
