import torch
from accelerate import Accelerator


def train(unet, text_encoder, loader, args):
    accelerator = Accelerator(gradient_accumulation_steps=args.ga)
    params = list(unet.parameters()) + list(text_encoder.parameters())
    opt = torch.optim.AdamW(params, lr=args.lr)
    unet, text_encoder, opt, loader = accelerator.prepare(unet, text_encoder, opt, loader)
    for batch in loader:
        with accelerator.accumulate(unet, text_encoder):
            h = text_encoder(batch["ids"])
            loss = torch.nn.functional.mse_loss(unet(batch["x"], h), batch["noise"])
            accelerator.backward(loss)
            if accelerator.sync_gradients:
                accelerator.clip_grad_norm_(params, 1.0)
            opt.step()
            opt.zero_grad()
