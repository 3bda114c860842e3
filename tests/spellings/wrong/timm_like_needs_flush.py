import torch
from timm.utils import NativeScaler


def train_one_epoch(model, loader, optimizer, loss_fn, loss_scaler, args, epochs=3):
    for epoch in range(epochs):
        optimizer.zero_grad()
        for idx, (x, y) in enumerate(loader):
            need_update = (idx + 1) % args.grad_accum_steps == 0
            loss = loss_fn(model(x), y) / args.grad_accum_steps
            loss_scaler(loss, optimizer, parameters=model.parameters(), need_update=need_update)
            if need_update:  # expect: ACC004
                optimizer.zero_grad()
