import torch


def train(model, loader, opt, crit, accum):
    pending = 0
    for x, y in loader:
        try:
            loss = crit(model(x), y) / accum
            loss.backward()
        except RuntimeError as e:
            if "out of memory" not in str(e):
                raise
            torch.cuda.empty_cache()
            opt.zero_grad()
            pending = 0
            continue
        pending += 1
        if pending == accum:
            opt.step()
            opt.zero_grad()
            pending = 0
    if pending:
        opt.step()
        opt.zero_grad()
