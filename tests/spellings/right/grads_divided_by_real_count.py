import torch


def fit(model, loader, opt, crit, accum):
    n = 0
    for x, y in loader:
        crit(model(x), y).backward()
        n += 1
        if n == accum:
            flush(model, opt, n)
            n = 0
    if n:
        flush(model, opt, n)


def flush(model, opt, n):
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= n
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    opt.zero_grad()
