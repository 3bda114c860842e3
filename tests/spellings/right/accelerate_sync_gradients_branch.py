import torch
from accelerate import Accelerator


def train(args, model, loader):
    accelerator = Accelerator(gradient_accumulation_steps=args.ga, log_with="wandb")
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr)
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    done = 0
    for batch in loader:
        with accelerator.accumulate(model):
            loss = model(**batch).loss
            loss = loss / accelerator.num_processes * accelerator.num_processes
            accelerator.backward(loss)
            if accelerator.sync_gradients:
                accelerator.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                optimizer.zero_grad()
                done += 1
        if done >= args.max_steps:
            break
