import torch


def get_batch(split):
    ix = torch.randint(1000, (12,))
    return ix, ix


def run(model, ctx, config, scaler, max_iters, gradient_accumulation_steps=40, grad_clip=1.0):
    optimizer = model.configure_optimizers(config.weight_decay, config.learning_rate, (0.9, 0.95), "cuda")
    X, Y = get_batch("train")
    iter_num = 0
    while True:
        for micro_step in range(gradient_accumulation_steps):
            with ctx:
                logits, loss = model(X, Y)
            X, Y = get_batch("train")
            scaler.scale(loss).backward()  # expect: ACC003
        if grad_clip != 0.0:
            scaler.unscale_(optimizer)
            torch.nn.utils.clip_grad_norm_(model.parameters(), grad_clip)
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad(set_to_none=True)
        iter_num += 1
        if iter_num > max_iters:
            break
