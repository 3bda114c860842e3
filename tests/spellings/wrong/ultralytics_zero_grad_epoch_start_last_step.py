import torch


def train(model, train_loader, criterion, optimizer, epochs, batch_size, nbs=64):
    nb = len(train_loader)
    accumulate = max(round(nbs / batch_size), 1)
    last_opt_step = -1
    for epoch in range(epochs):
        model.train()
        optimizer.zero_grad()
        for i, batch in enumerate(train_loader):
            ni = i + nb * epoch
            loss = criterion(model(batch["img"]), batch) / accumulate
            loss.backward()
            if ni - last_opt_step >= accumulate:  # expect: ACC004
                torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=10.0)
                optimizer.step()
                optimizer.zero_grad()
                last_opt_step = ni
