import torch
import torch_xla.core.xla_model as xm
import torch_xla.distributed.parallel_loader as pl


def train_loop(model, loader, optimizer, loss_fn, accum):
    device = xm.xla_device()
    model.to(device)
    para = pl.MpDeviceLoader(loader, device)
    n = len(loader)
    optimizer.zero_grad()
    for step, (data, target) in enumerate(para, start=1):
        loss = loss_fn(model(data), target) / accum
        loss.backward()
        if step % accum and step != n:
            continue
        xm.optimizer_step(optimizer)
        optimizer.zero_grad()
        if step % 100 == 0:
            xm.master_print(step)
