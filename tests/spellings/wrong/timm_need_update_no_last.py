import torch
from timm.utils import NativeScaler


def train_one_epoch(epoch, model, loader, optimizer, loss_fn, args, loss_scaler: NativeScaler):
    accum_steps = args.grad_accum_steps
    optimizer.zero_grad()
    for batch_idx, (input, target) in enumerate(loader):
        need_update = (batch_idx + 1) % accum_steps == 0
        with torch.autocast("cuda"):
            loss = loss_fn(model(input), target)
        if accum_steps > 1:
            loss /= accum_steps
        loss_scaler(loss, optimizer, clip_grad=args.clip_grad, parameters=model.parameters(), need_update=need_update)  # expect: ACC004
        if need_update:
            optimizer.zero_grad()
