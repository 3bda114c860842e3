import copy

import torch


def fedavg(server, clients, crit, local_steps=5, lr=0.1):
    for rnd in range(100):
        states = []
        for c in clients:
            local = copy.deepcopy(server)
            opt = torch.optim.SGD(local.parameters(), lr=lr)
            for _ in range(local_steps):
                x, y = c.sample()
                opt.zero_grad()
                crit(local(x), y).backward()
                opt.step()
            states.append(local.state_dict())
        avg = {k: torch.stack([s[k].float() for s in states]).mean(0) for k in states[0]}
        server.load_state_dict(avg)
