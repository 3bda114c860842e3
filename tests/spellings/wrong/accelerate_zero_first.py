import torch
from accelerate import Accelerator

accelerator = Accelerator(gradient_accumulation_steps=8)


def train(model, optimizer, loader, loss_fn, epochs):
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    for epoch in range(epochs):
        for x, y in loader:
            with accelerator.accumulate(model):
                optimizer.zero_grad()  # expect: ACC002
                loss = loss_fn(model(x), y)
                accelerator.backward(loss)
                optimizer.step()
