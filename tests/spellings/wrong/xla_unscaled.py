import torch
import torch.nn.functional as F
import torch_xla.core.xla_model as xm


def train_loop(model, loader, optimizer, accum):
    n = len(loader)
    for step, (data, target) in enumerate(loader, start=1):
        loss = F.cross_entropy(model(data), target)
        loss.backward()  # expect: ACC003
        if step % accum and step != n:
            continue
        xm.optimizer_step(optimizer)
        optimizer.zero_grad()
