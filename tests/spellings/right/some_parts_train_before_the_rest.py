import torch.optim as optim


def train():
    epochs = 1 if opt.prebias else opt.epochs
    accumulate = opt.accumulate
    model = Network(opt.cfg).to(device)
    optimizer = optim.Adam(model.parameters(), lr=0.001)
    for p in model.parameters():
        if opt.prebias and p.numel() == 255:
            p.requires_grad = True
        else:
            p.requires_grad = not opt.prebias
    nb = len(dataloader)
    for epoch in range(epochs):
        for i, (images, targets) in enumerate(dataloader):
            seen = i + nb * epoch + 1
            loss = compute_loss(model(images), targets) / accumulate
            loss.backward()
            if seen % accumulate == 0:
                optimizer.step()
                optimizer.zero_grad()


if opt.prebias:
    train()
    opt.prebias = False
train()
