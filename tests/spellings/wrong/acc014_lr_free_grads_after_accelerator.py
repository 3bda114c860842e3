import torch
from accelerate import Accelerator


def train(model, loader, lossf, args):
    accelerator = Accelerator(gradient_accumulation_steps=args.accum)
    opt = torch.optim.AdamW(model.parameters())
    model, opt, loader = accelerator.prepare(model, opt, loader)
    for x, y in loader:
        with accelerator.accumulate(model):
            loss = lossf(model(x), y) * (1.0 / args.accum)
            accelerator.backward(loss)  # expect: ACC014
            if accelerator.sync_gradients:
                accelerator.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            opt.zero_grad()
