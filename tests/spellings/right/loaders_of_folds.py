import torch
import torch.nn.functional as F


def main(args, model, splits, loaders):
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr)
    for fold, _ in enumerate(splits):
        for epoch in range(args.epochs):
            for i, (x, y) in enumerate(loaders[fold]):
                loss = F.cross_entropy(model(x), y) / args.accum
                loss.backward()
                if (i + 1) % args.accum == 0 or i == len(loaders[fold]) - 1:
                    optimizer.step()
                    optimizer.zero_grad()
