import torch


def train(model, loader, optimizer, criterion, args):
    for length in range(100, 2000, 100):
        criterion(model(torch.randn(8, length)), torch.ones(8)).backward()
        model.zero_grad()
    done = 0
    for x, y in loader:
        optimizer.zero_grad()  # expect: ACC002
        loss = criterion(model(x), y) / args.accumulation_steps
        if torch.isnan(loss).any():
            continue
        else:
            done += 1
            loss.backward()
        if done % args.accumulation_steps == 0:
            optimizer.step()
            optimizer.zero_grad()
    if done % args.accumulation_steps != 0:
        optimizer.step()
        optimizer.zero_grad()
