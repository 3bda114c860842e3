import torch


def train(model, labeled, unlabeled, opt, crit, cons, epochs):
    for ep in range(epochs):
        for x, y in labeled:
            opt.zero_grad()
            crit(model(x), y).backward()
            opt.step()
        for u in unlabeled:
            cons(model(u)).backward()
            opt.step()  # expect: ACC001
