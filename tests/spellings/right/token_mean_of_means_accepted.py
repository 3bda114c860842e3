import torch
import torch.nn.functional as F


def train(model, loader, opt, accum):
    for i, b in enumerate(loader):
        logits = model(b["ids"])
        loss = F.cross_entropy(logits.transpose(1, 2), b["labels"], ignore_index=-100)
        (loss / accum).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
