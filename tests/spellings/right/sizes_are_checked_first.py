import torch

BATCH_SIZE = 512
DEVICE_BATCH_SIZE = 64


def main(model, batches, args):
    assert BATCH_SIZE % DEVICE_BATCH_SIZE == 0
    if args.heads % args.groups != 0:
        raise ValueError("heads have to come in whole groups")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for step in range(1000):
        x = next(batches)
        optimizer.zero_grad()
        model(x).mean().backward()
        optimizer.step()
