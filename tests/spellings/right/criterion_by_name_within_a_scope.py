import torch
from torch.profiler import record_function


def run(args, model, loader):
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)

    def criterion(out, target):
        with record_function("loss"):
            if args.loss == "mse":
                return torch.nn.functional.mse_loss(out, target)
            elif args.loss == "l1":
                return torch.nn.functional.l1_loss(out, target)

    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        with record_function("backward"):
            loss.backward()
            optimizer.step()
