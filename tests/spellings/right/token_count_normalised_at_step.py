import torch
import torch.nn.functional as F


def fit(model, loader, opt, accum):
    tokens = 0
    for i, (ids, labels) in enumerate(loader):
        logits = model(ids)
        loss = F.cross_entropy(logits.view(-1, logits.size(-1)), labels.view(-1), ignore_index=-100, reduction="sum")
        loss.backward()
        tokens += (labels != -100).sum().item()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            for p in model.parameters():
                if p.grad is not None:
                    p.grad.mul_(1.0 / tokens)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            opt.zero_grad()
            tokens = 0
