import torch


def train(model, loader, opt, crit):
    for epoch in range(3):
        opt.zero_grad()
        history = []
        for x, y in loader:
            history.append(crit(model(x), y))
            torch.stack(history).mean().backward(retain_graph=True)  # expect: ACC013
            opt.step()
            opt.zero_grad()
