import itertools

import torch
import torch.nn.functional as F


def train(model, loader, opt, sched, accum):
    stream = iter(loader)
    while True:
        micro = list(itertools.islice(stream, accum))
        if not micro:
            break
        num_items_in_batch = sum(int((m["labels"] != -100).sum()) for m in micro)
        for m in micro:
            logits = model(m["ids"]).float()
            loss = F.cross_entropy(logits.view(-1, logits.size(-1)), m["labels"].view(-1), ignore_index=-100, reduction="sum")
            loss = loss / num_items_in_batch
            loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        sched.step()
        opt.zero_grad()
