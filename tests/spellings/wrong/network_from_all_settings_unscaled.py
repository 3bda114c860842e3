import torch

from models import build_model


def main(args, loader):
    model, tokenizer = build_model(args)
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr)
    for step, batch in enumerate(loader):
        loss = model(tokenizer(batch))
        loss.backward()  # expect: ACC003
        if (step + 1) % args.accumulation_steps == 0 or step + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
