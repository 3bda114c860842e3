import torch
from util.misc import NativeScalerWithGradNormCount as NativeScaler


def train_one_epoch(model, criterion, data_loader, optimizer, device, epoch, loss_scaler, max_norm, args):
    model.train(True)
    accum_iter = args.accum_iter
    optimizer.zero_grad()
    n = len(data_loader)
    for data_iter_step, (samples, targets) in enumerate(data_loader):
        samples = samples.to(device, non_blocking=True)
        targets = targets.to(device, non_blocking=True)
        with torch.cuda.amp.autocast():
            outputs = model(samples)
            loss = criterion(outputs, targets)
        loss /= accum_iter
        update = (data_iter_step + 1) % accum_iter == 0 or data_iter_step + 1 == n
        loss_scaler(loss, optimizer, clip_grad=max_norm, parameters=model.parameters(), create_graph=False, update_grad=update)
        if update:
            optimizer.zero_grad()
