import torch


def train(model, loader, args):
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr)
    micro = args.train_batch_size // args.micro_batch_size
    n_steps = 0
    for i, batch in enumerate(loader):
        optimizer.zero_grad()  # expect: ACC002
        loss = model(batch["input_ids"], labels=batch["labels"])[0]
        loss = loss / micro
        loss.backward()
        if (i + 1) % micro == 0 or i == len(loader) - 1:
            optimizer.step()
            n_steps += 1
