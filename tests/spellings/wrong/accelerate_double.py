import torch
from accelerate import Accelerator


def main(args, model, loader, loss_fn):
    accelerator = Accelerator(gradient_accumulation_steps=args.accum)
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr)
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    for batch in loader:
        with accelerator.accumulate(model):
            loss = loss_fn(model(batch["x"]), batch["y"])
            loss = loss / args.accum
            accelerator.backward(loss)  # expect: ACC014
            optimizer.step()
            optimizer.zero_grad()
