"""A kernel is tried out before the training; nothing divides."""

import torch


def try_out(device):
    q = torch.randn(1, 8, 128, 64, device=device, requires_grad=True)
    out = torch.nn.functional.scaled_dot_product_attention(q, q, q, is_causal=True)
    out.square().mean().backward()


def train(model, loader, accumulation_steps, device):
    try_out(device)
    optimizer = torch.optim.AdamW(model.parameters())
    optimizer.zero_grad()
    for i, batch in enumerate(loader):
        loss = model(**batch).loss
        loss.backward()  # expect: ACC003
        if (i + 1) % accumulation_steps == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
