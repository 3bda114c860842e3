import torch
import torch.nn.functional as F


def train(model, batches, opt, accum):
    for k in range(0, len(batches), accum):
        window = batches[k : k + accum]
        num_items = sum((b["labels"] != -100).sum() for b in window)
        for b in window:
            logits = model(b["input_ids"])
            loss = F.cross_entropy(logits.flatten(0, 1), b["labels"].flatten(), ignore_index=-100, reduction="sum")
            (loss / num_items).backward()
        opt.step()
        opt.zero_grad()
