"""A run that trains clears before it steps."""

import torch


def losses(model, x, y, mode):
    loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    return loss.item()


def main(args, loader):
    model = torch.nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)
    seen = []
    for x, y in loader:
        seen.append(losses(model, x, y, args.mode))
        if args.mode != "score":
            optimizer.zero_grad()  # expect: ACC012
        if args.mode in ("train", "finetune"):
            optimizer.step()
        if args.mode == "train":
            optimizer.zero_grad()
        if args.mode == "finetune":
            optimizer.zero_grad()
    return seen
