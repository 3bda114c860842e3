import torch
from torch.nn.utils import clip_grad_norm_


def main(args, model, ema, loader, criterion, device):
    grad_accum_steps = args.grad_accum_steps
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr)
    scaler = torch.cuda.amp.GradScaler()
    global_step = 0
    for epoch in range(args.epochs):
        for images, labels in loader:
            images = images.to(device, non_blocking=True)
            optimizer.zero_grad(set_to_none=True)  # expect: ACC002
            with torch.autocast("cuda"):
                loss = criterion(model(images, labels)) / grad_accum_steps
            scaler.scale(loss).backward()
            global_step += 1
            # allow: ACC004
            if global_step % grad_accum_steps == 0:
                scaler.unscale_(optimizer)
                clip_grad_norm_(model.parameters(), args.clip)
                scaler.step(optimizer)
                scaler.update()
                update_ema(ema, model)


@torch.no_grad()
def update_ema(ema, model, decay=0.9999):
    for e, p in zip(ema.parameters(), model.parameters()):
        e.mul_(decay).add_(p, alpha=1 - decay)
