import torch


def pieces(line):
    found = []
    return found


def train(model, path):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    rows = []
    for line in open(path):
        rows += pieces(line)
    last = rows.pop()
    for x in [*rows, last] * 2:
        opt.zero_grad()
        model(x).mean().backward()
        opt.step()
    for x in rows:
        opt.zero_grad()
        model(x).mean().backward()
        opt.step()
