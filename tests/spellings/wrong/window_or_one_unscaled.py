import torch
from torch import nn
import torch.nn.functional as F


def train(model, loader, optimizer, config):
    accum = config["training"].get("accumulate_grad") or 1
    for idx, batch in enumerate(loader):
        out = model(**batch)
        loss = out["loss"]
        loss.backward()  # expect: ACC003
        if (idx + 1) % accum != 0 and (idx + 1) != len(loader):
            continue
        if config["training"].get("clip"):
            nn.utils.clip_grad_norm_(model.parameters(), config["training"]["clip"])
        optimizer.step()
        optimizer.zero_grad()
