import torch
from accelerate import Accelerator


def read(store):
    batches = {}
    for number, key in enumerate(store.keys()):
        batches[number] = {"x": store[key]["x"], "y": store[key]["y"]}
    return batches


def main(args, model, store):
    accelerator = Accelerator(gradient_accumulation_steps=args.accumulate)
    batches = read(store)
    optimizer = torch.optim.AdamW(model.parameters())
    model, optimizer, batches = accelerator.prepare(model, optimizer, batches)
    for epoch in range(args.epochs):
        for number, batch in batches.items():
            with accelerator.accumulate(model):
                accelerator.backward(torch.nn.functional.mse_loss(model(batch["x"]), batch["y"]))
                optimizer.step()
                optimizer.zero_grad()
