"""Two accelerators, one a network: each counts its own micro-batches."""

import torch
from accelerate import Accelerator


def train(model, critic, loader, accumulation_steps):
    accelerator = Accelerator(gradient_accumulation_steps=accumulation_steps)
    accelerator_c = Accelerator(gradient_accumulation_steps=accumulation_steps)
    optimizer = torch.optim.AdamW(model.parameters())
    optimizer_c = torch.optim.AdamW(critic.parameters())
    critic, optimizer_c = accelerator_c.prepare(critic, optimizer_c)
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    for batch in loader:
        with accelerator_c.accumulate(critic):
            accelerator_c.backward(critic(model(batch).detach()).mean())
            optimizer_c.step()
            optimizer_c.zero_grad()
        with accelerator.accumulate(model):
            accelerator.backward(torch.nn.functional.mse_loss(model(batch), batch))
            optimizer.step()
            optimizer.zero_grad()
