import torch
import torch.nn.functional as F
from accelerate import Accelerator
from diffusers.training_utils import EMAModel


def main(args, unet, train_dataloader, noise_scheduler):
    accelerator = Accelerator(gradient_accumulation_steps=args.gradient_accumulation_steps)
    ema_unet = EMAModel(unet.parameters())
    optimizer = torch.optim.AdamW(unet.parameters(), lr=args.learning_rate)
    unet, optimizer, train_dataloader = accelerator.prepare(unet, optimizer, train_dataloader)
    global_step = 0
    for epoch in range(args.num_train_epochs):
        for step, batch in enumerate(train_dataloader):
            with accelerator.accumulate(unet):
                noise = torch.randn_like(batch["latents"])
                t = torch.randint(0, 1000, (noise.shape[0],))
                pred = unet(noise_scheduler.add_noise(batch["latents"], noise, t), t).sample
                loss = F.mse_loss(pred, noise)
                accelerator.backward(loss)
                optimizer.step()  # expect: ACC001
            if accelerator.sync_gradients:
                ema_unet.step(unet.parameters())
                global_step += 1
