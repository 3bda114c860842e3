import torch
import torch.nn.functional as F


def main(args, model, splits, loaders):
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr)
    for fold, _ in enumerate(splits):
        if fold != args.fold:
            continue
        for epoch in range(args.epochs):
            optimizer.zero_grad()
            for i, (x, y) in enumerate(loaders[fold]):
                loss = F.binary_cross_entropy_with_logits(model(x), y)
                loss.backward()  # expect: ACC003
                if (i + 1) % args.accumulation_steps == 0 or i == len(loaders[fold]) - 1:
                    optimizer.step()
                    optimizer.zero_grad()
