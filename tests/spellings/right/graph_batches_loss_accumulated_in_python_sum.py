import torch


def train(model, graphs, opt, crit, bs=32, epochs=5):
    for _ in range(epochs):
        loss = 0
        for i, g in enumerate(graphs):
            loss += crit(model(g), g.y)
            if (i + 1) % bs == 0 or i == len(graphs) - 1:
                loss = loss / bs
                opt.zero_grad()
                loss.backward()
                opt.step()
                loss = 0
