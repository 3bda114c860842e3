import torch


def fedsgd(server, clients, opt, crit):
    for rnd in range(100):
        for c in clients:
            opt.zero_grad()  # expect: ACC002
            x, y = c.sample()
            (crit(server(x), y) / len(clients)).backward()
        opt.step()
