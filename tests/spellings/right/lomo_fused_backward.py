import torch
from lomo_optim import LOMO


def train(model, loader, lr):
    optimizer = LOMO(model, lr=lr, clip_grad_norm=1.0)
    for batch in loader:
        loss = model(**batch).loss
        optimizer.grad_norm(loss)
        loss = model(**batch).loss
        optimizer.fused_backward(loss, lr)
