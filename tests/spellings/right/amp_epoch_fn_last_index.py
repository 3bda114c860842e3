from contextlib import nullcontext

import torch
from torch.cuda.amp import GradScaler, autocast


def train_one_epoch(model, loader, criterion, optimizer, scaler: GradScaler, device, args):
    model.train()
    optimizer.zero_grad(set_to_none=True)
    running = 0.0
    n_batches = len(loader)
    for step, (images, labels) in enumerate(loader):
        images, labels = images.to(device, non_blocking=True), labels.to(device, non_blocking=True)
        last = step == n_batches - 1
        with autocast(enabled=args.amp):
            loss = criterion(model(images), labels)
        running += loss.item()
        scaler.scale(loss / args.accum).backward()
        if last or step % args.accum == args.accum - 1:
            scaler.unscale_(optimizer)
            torch.nn.utils.clip_grad_norm_(model.parameters(), args.clip)
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad(set_to_none=True)
    return running / n_batches
