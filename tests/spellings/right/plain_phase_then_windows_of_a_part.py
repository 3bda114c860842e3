import torch
import torch.nn.functional as F


def main(a, b, ld, val, cfg):
    oa = torch.optim.SGD(a.parameters(), lr=0.1)
    ob = torch.optim.Adam(a.head.parameters())
    for epoch in range(cfg.warm):
        for x, y in ld:
            oa.zero_grad()
            loss = F.cross_entropy(a(x), y)
            loss.backward()
            oa.step()
    for epoch in range(cfg.epochs):
        ob.zero_grad()
        for i, (x, y) in enumerate(val):
            loss = F.cross_entropy(a.head(x), y) / cfg.accum
            loss.backward()
            if (i + 1) % cfg.accum == 0 or i + 1 == len(val):
                ob.step()
                ob.zero_grad()
