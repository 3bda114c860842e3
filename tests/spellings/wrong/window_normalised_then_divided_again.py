import torch
import torch.nn.functional as F


def micro_loss(model, m, accum):
    out = model(m["ids"])
    return F.cross_entropy(out.transpose(1, 2), m["labels"]) / accum


def train(model, loader, opt, accum):
    for i, m in enumerate(loader):
        loss = micro_loss(model, m, accum)
        loss = loss / accum
        loss.backward()  # expect: ACC014
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
