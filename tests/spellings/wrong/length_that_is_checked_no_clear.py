import torch


def encoded(args, model, tokenizer, loader):
    ids = tokenizer.encode(args.token)
    if len(ids) > 1:
        raise ValueError("must be a single token")
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        for x, y in loader:
            loss = torch.nn.functional.mse_loss(model(x), y)
            loss.backward()
            optimizer.step()  # expect: ACC001
