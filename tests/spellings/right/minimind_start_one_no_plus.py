import torch


def train_epoch(epoch, loader, iters, model, optimizer, scaler, args, start_step=0):
    for step, (X, Y, loss_mask) in enumerate(loader, start=start_step + 1):
        with torch.autocast("cuda"):
            loss = model(X, Y, loss_mask) / args.accumulation_steps
        scaler.scale(loss).backward()
        if step % args.accumulation_steps == 0 or step == iters:
            scaler.unscale_(optimizer)
            torch.nn.utils.clip_grad_norm_(model.parameters(), args.grad_clip)
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad(set_to_none=True)
