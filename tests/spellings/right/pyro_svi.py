import pyro
import torch
from pyro.infer import SVI, Trace_ELBO
from pyro.optim import Adam


def train(model, guide, loader, epochs=10):
    pyro.clear_param_store()
    svi = SVI(model, guide, Adam({"lr": 1e-3}), loss=Trace_ELBO())
    for epoch in range(epochs):
        total = 0.0
        for x, _ in loader:
            total += svi.step(x)
        print(epoch, total)
