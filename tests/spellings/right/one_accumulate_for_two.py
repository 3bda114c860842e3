import torch
from accelerate import Accelerator


def train(unet, encoder, loader, n, epochs):
    accelerator = Accelerator(gradient_accumulation_steps=n)
    optimizer = torch.optim.AdamW([*unet.parameters(), *encoder.parameters()])
    unet, encoder, optimizer, loader = accelerator.prepare(unet, encoder, optimizer, loader)
    for epoch in range(epochs):
        for x, y in loader:
            with accelerator.accumulate(unet, encoder):
                loss = torch.nn.functional.mse_loss(unet(x, encoder(y)), x)
                accelerator.backward(loss)
                optimizer.step()
                optimizer.zero_grad()
