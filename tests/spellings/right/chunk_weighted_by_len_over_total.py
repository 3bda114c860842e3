import torch
import torch.nn.functional as F


def step_big_batch(model, opt, x, y, micro=16):
    opt.zero_grad()
    total = x.shape[0]
    for xb, yb in zip(x.split(micro), y.split(micro)):
        loss = F.cross_entropy(model(xb), yb) * xb.shape[0] / total
        loss.backward()
    opt.step()


def fit(model, loader, lr):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for x, y in loader:
        step_big_batch(model, opt, x, y)
