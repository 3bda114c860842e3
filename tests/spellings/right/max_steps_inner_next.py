import itertools
import torch


def forever(loader):
    while True:
        yield from loader


def main(model, loader, cfg):
    optimizer = torch.optim.AdamW(model.parameters(), lr=cfg.lr)
    data = forever(loader)
    step = 0
    while step < cfg.max_steps:
        total = 0.0
        for _ in range(cfg.grad_accum):
            tokens = next(data)
            loss = model(tokens[:, :-1], labels=tokens[:, 1:]).loss / cfg.grad_accum
            loss.backward()
            total += loss.item()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        step += 1
        if step % cfg.log_every == 0:
            print(step, total)
