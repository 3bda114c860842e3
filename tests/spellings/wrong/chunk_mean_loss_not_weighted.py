import torch
import torch.nn.functional as F


def step_big_batch(model, opt, x, y, n_chunks=4):
    opt.zero_grad()
    for xb, yb in zip(x.chunk(n_chunks), y.chunk(n_chunks)):
        loss = F.cross_entropy(model(xb), yb)
        loss.backward()  # expect: ACC003
    opt.step()


def fit(model, loader, lr):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for x, y in loader:
        step_big_batch(model, opt, x, y)
