import torch


def train(model, scaler, optimizer, ctx, get_batch, cfg):
    X, Y = get_batch("train")
    for t in range(cfg["max_iters"]):
        for micro in range(cfg["grad_accum"]):
            with ctx:
                logits, loss = model(X, Y)
                loss = loss / cfg["grad_accum"]
            X, Y = get_batch("train")
            scaler.scale(loss).backward()
            scaler.step(optimizer)  # expect: ACC005
            scaler.update()
        optimizer.zero_grad(set_to_none=True)
