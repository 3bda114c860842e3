import torch


def train(model, loader, optimizer, accum):
    loss_fn = torch.nn.MSELoss(reduction="sum")
    samples = 0
    for i, (x, y) in enumerate(loader):
        loss_fn(model(x), y).backward()
        samples += x.shape[0]
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            for p in model.parameters():
                if p.grad is not None:
                    p.grad.mul_(1.0 / samples)
            optimizer.step()
            optimizer.zero_grad()
            samples = 0
