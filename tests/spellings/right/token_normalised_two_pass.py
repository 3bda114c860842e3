import torch
import torch.nn.functional as F


def train(model, loader, optimizer, accum=8):
    it = iter(loader)
    while True:
        micro = []
        for _ in range(accum):
            try:
                micro.append(next(it))
            except StopIteration:
                break
        if not micro:
            break
        n_tokens = sum((b["labels"] != -100).sum() for b in micro)
        for b in micro:
            logits = model(b["input_ids"])
            loss = F.cross_entropy(logits.flatten(0, 1), b["labels"].flatten(), ignore_index=-100, reduction="sum")
            (loss / n_tokens).backward()
        optimizer.step()
        optimizer.zero_grad()
