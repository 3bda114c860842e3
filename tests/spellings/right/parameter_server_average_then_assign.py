import torch


def fedsgd(server, clients, opt, crit):
    for rnd in range(100):
        opt.zero_grad()
        for c in clients:
            x, y = c.sample()
            crit(server(x), y).backward()
        for p in server.parameters():
            p.grad /= len(clients)
        opt.step()
