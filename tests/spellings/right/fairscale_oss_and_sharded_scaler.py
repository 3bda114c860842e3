import torch
from fairscale.optim.grad_scaler import ShardedGradScaler


def train(model, loader, optimizer, crit, accum):
    scaler = ShardedGradScaler()
    for i, (x, y) in enumerate(loader):
        with torch.cuda.amp.autocast():
            loss = crit(model(x), y) / accum
        scaler.scale(loss).backward()
        if (i + 1) % accum == 0 or i == len(loader) - 1:
            scaler.unscale_(optimizer)
            model.clip_grad_norm_(1.0)
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad()
