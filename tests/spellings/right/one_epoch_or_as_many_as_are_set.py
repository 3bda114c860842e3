import torch


def train(loader, criterion):
    epochs = 1 if options.quick else options.epochs
    model = make_model()
    optimizer = torch.optim.Adam(model.parameters())
    batches = len(loader)
    for epoch in range(epochs):
        for i, (x, y) in enumerate(loader):
            (criterion(model(x), y) / options.accumulate).backward()
            if (i + batches * epoch + 1) % options.accumulate == 0:
                optimizer.step()
                optimizer.zero_grad()


if options.quick:
    train(make_loader(), torch.nn.MSELoss())
    options.quick = False
train(make_loader(), torch.nn.MSELoss())
