import torch


def train(model, raw, scaler, optimizer, ctx, get_batch, cfg):
    X, Y = get_batch("train")
    t = 0
    while t < cfg["max_iters"]:
        for micro in range(cfg["grad_accum"]):
            model.require_backward_grad_sync = micro == cfg["grad_accum"] - 1
            with ctx:
                logits, loss = model(X, Y)
                loss = loss / cfg["grad_accum"]
            X, Y = get_batch("train")
            scaler.scale(loss).backward()
        if cfg["clip"]:
            scaler.unscale_(optimizer)
            torch.nn.utils.clip_grad_norm_(model.parameters(), cfg["clip"])
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad(set_to_none=True)
        t += 1
