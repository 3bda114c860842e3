"""One accelerator, entered twice a micro-batch: it counts two for each, and a window holds half as many."""

import torch
from accelerate import Accelerator


def train(model, critic, loader, accumulation_steps):
    accelerator = Accelerator(gradient_accumulation_steps=accumulation_steps)
    optimizer = torch.optim.AdamW(model.parameters())
    optimizer_c = torch.optim.AdamW(critic.parameters())
    model, optimizer, critic, optimizer_c, loader = accelerator.prepare(model, optimizer, critic, optimizer_c, loader)
    for batch in loader:
        with accelerator.accumulate(critic):
            accelerator.backward(critic(batch).mean())
            optimizer_c.step()  # expect: ACC016
            optimizer_c.zero_grad()
        with accelerator.accumulate(model):
            accelerator.backward(torch.nn.functional.mse_loss(model(batch), batch))
            optimizer.step()  # expect: ACC016
            optimizer.zero_grad()
