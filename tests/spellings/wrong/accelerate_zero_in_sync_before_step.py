import torch
from accelerate import Accelerator


def train(model, loader, args):
    accelerator = Accelerator(gradient_accumulation_steps=args.ga)
    opt = torch.optim.AdamW(model.parameters(), lr=args.lr)
    model, opt, loader = accelerator.prepare(model, opt, loader)
    for batch in loader:
        with accelerator.accumulate(model):
            loss = model(**batch).loss
            accelerator.backward(loss)
            opt.zero_grad()  # expect: ACC012
            opt.step()
