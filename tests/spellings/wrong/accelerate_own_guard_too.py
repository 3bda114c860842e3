import torch
from accelerate import Accelerator


def main(model, loader, loss_fn):
    accelerator = Accelerator(gradient_accumulation_steps=4)
    optimizer = torch.optim.AdamW(model.parameters())
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    for step, (x, y) in enumerate(loader):
        with accelerator.accumulate(model):
            loss = loss_fn(model(x), y)
            accelerator.backward(loss)
            if step % 4 == 0:  # expect: ACC022|ACC005|ACC016
                optimizer.step()
                optimizer.zero_grad()
