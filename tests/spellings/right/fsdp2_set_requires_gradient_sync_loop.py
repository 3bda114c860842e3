import torch
from torch.distributed.fsdp import fully_shard


def train(model, data_iterator, cfg, steps):
    fully_shard(model)
    optimizer = torch.optim.AdamW(model.parameters(), lr=cfg.lr)
    for step in range(steps):
        optimizer.zero_grad()
        for micro in range(cfg.grad_accum):
            model.set_requires_gradient_sync(micro == cfg.grad_accum - 1)
            tokens = next(data_iterator)
            loss = model(tokens[:, :-1], tokens[:, 1:])
            (loss / cfg.grad_accum).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), cfg.clip)
        optimizer.step()
