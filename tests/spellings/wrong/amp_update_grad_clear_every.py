import torch
from util.misc import NativeScalerWithGradNormCount as NativeScaler


def train_one_epoch(model, loader, optimizer, loss_scaler, args):
    optimizer.zero_grad()
    for it, (samples, targets) in enumerate(loader):
        loss = torch.nn.functional.cross_entropy(model(samples), targets)
        loss = loss / args.accum_iter
        boundary = (it + 1) % args.accum_iter == 0 or it + 1 == len(loader)
        loss_scaler(loss, optimizer, parameters=model.parameters(), update_grad=boundary)
        optimizer.zero_grad()  # expect: ACC002
