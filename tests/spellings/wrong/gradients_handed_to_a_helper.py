import torch
from utils.distributed import all_reduce_and_rescale_tensors


def train(model, loader, optimizer, crit, opts, restorer):
    for step, (x, y) in enumerate(loader):
        loss = crit(model(x), y)
        loss.backward()  # expect: ACC003
        if (step + 1) % opts.gradient_accumulation_steps == 0 or step + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
