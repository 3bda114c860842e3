"""apex's FP16_Optimizer takes the backward, and steps and clears as the optimizer that it holds."""

from apex.fp16_utils import FP16_Optimizer
from torch.optim import AdamW


def train(model, loader, criterion, accum, fp16):
    optimizer = AdamW(model.parameters())
    if fp16:
        optimizer = FP16_Optimizer(optimizer, dynamic_loss_scale=True)
    for i, (x, y) in enumerate(loader):
        optimizer.zero_grad()  # expect: ACC002
        loss = criterion(model(x), y) / accum
        if fp16:
            optimizer.backward(loss)
        else:
            loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
