import torch
import torch_xla.core.xla_model as xm


def train_loop(model, loader, optimizer, loss_fn):
    for step, (data, target) in enumerate(loader):
        output = model(data)
        loss = loss_fn(output, target)
        loss.backward()
        xm.optimizer_step(optimizer)  # expect: ACC001
        if step % 10 == 0:
            xm.master_print(step)
