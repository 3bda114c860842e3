import torch
import torch.nn.functional as F


def train(model, loader, accumulation_steps):
    optimizer = torch.optim.AdamW(model.parameters())
    for i, (q, k) in enumerate(loader):
        logits = model(q) @ model(k).t()
        loss = F.cross_entropy(logits, torch.arange(len(q))) / accumulation_steps
        loss.backward()
        if (i + 1) % accumulation_steps == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
