import torch


def train(args, model, loader, loss_fn):
    optimizer = torch.optim.SGD(model.parameters(), lr=args.learning_rate)
    for epoch in range(args.epochs):
        for j, (x, t) in enumerate(loader):
            loss = loss_fn(model(x), t)
            if args.accumulate:
                loss = loss / args.accum_iter
            if (args.accumulate and (j + 1) % args.accum_iter == 0) or not args.accumulate:
                optimizer.zero_grad()  # expect: ACC002
            loss.backward()
            if (args.accumulate and (j + 1) % args.accum_iter == 0) or not args.accumulate:
                optimizer.step()
