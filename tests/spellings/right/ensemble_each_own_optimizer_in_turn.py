import torch


def train(members, loader, crit):
    opts = [torch.optim.Adam(m.parameters()) for m in members]
    for i, (x, y) in enumerate(loader):
        k = i % len(members)
        opts[k].zero_grad()
        crit(members[k](x), y).backward()
        opts[k].step()
