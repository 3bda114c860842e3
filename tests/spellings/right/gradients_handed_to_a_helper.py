import torch
from utils.distributed import all_reduce_and_rescale_tensors


def train(model, loader, optimizer, crit, opts, restorer):
    for step, (x, y) in enumerate(loader):
        loss = crit(model(x), y)
        loss.backward()
        if (step + 1) % opts.gradient_accumulation_steps == 0 or step + 1 == len(loader):
            grads = [p.grad.data for p in model.parameters() if p.grad is not None]
            all_reduce_and_rescale_tensors(grads, float(opts.gradient_accumulation_steps))
            optimizer.step()
            optimizer.zero_grad()
