import torch


def train(models, loader):
    opts = {k: torch.optim.Adam(m.parameters()) for k, m in models.items()}
    for x in loader:
        for o in opts.values():
            o.zero_grad()
        for k, m in models.items():
            m(x).mean().backward()
            opts[k].step()
