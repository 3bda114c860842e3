import copy

import torch


def local_update(server, client, crit, local_steps=5, lr=0.1):
    local = copy.deepcopy(server)
    opt = torch.optim.SGD(local.parameters(), lr=lr)
    for _ in range(local_steps):
        x, y = client.sample()
        crit(local(x), y).backward()
        opt.step()  # expect: ACC001
    return local.state_dict()
