import torch
from accelerate import Accelerator


def train(config, model, loader):
    accelerator = Accelerator(gradient_accumulation_steps=config.training.gradient_accumulation_steps)
    optimizer = torch.optim.AdamW(model.parameters(), lr=config.lr)
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    for step, batch in enumerate(loader, start=1):
        with accelerator.accumulate(model):
            loss = model(batch["input_ids"], labels=batch["labels"]).loss
            loss = loss / accelerator.gradient_accumulation_steps
            accelerator.backward(loss)  # expect: ACC014
            optimizer.step()
            optimizer.zero_grad()
