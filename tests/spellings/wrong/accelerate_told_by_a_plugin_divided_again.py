"""Accelerate divides the loss by the plugin's number of steps; the loop does so once more."""

import torch
from accelerate import Accelerator
from accelerate.utils import GradientAccumulationPlugin

plugin = GradientAccumulationPlugin(num_steps=args.gradient_accumulation_steps)
accelerator = Accelerator(gradient_accumulation_plugin=plugin)
model, loader = get_model(), get_data()
optimizer = torch.optim.AdamW(model.parameters())
model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
for inputs, labels in loader:
    with accelerator.accumulate(model):
        loss = model(inputs, labels) / args.gradient_accumulation_steps
        accelerator.backward(loss)  # expect: ACC014
        optimizer.step()
        optimizer.zero_grad()
