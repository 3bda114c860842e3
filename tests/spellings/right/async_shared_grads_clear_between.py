import torch
import torch.nn.functional as F


def train(local, shared, opt, loader):
    for x, y in loader:
        local.load_state_dict(shared.state_dict())
        local.zero_grad()
        F.cross_entropy(local(x), y).backward()
        opt.zero_grad()
        for s, l in zip(shared.parameters(), local.parameters()):
            s._grad = l.grad
        opt.step()
