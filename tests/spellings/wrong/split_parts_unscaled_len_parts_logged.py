import torch


def train(model, loader, opt, crit, split_size):
    for x, y in loader:
        opt.zero_grad()
        parts = x.split(split_size)
        targets = y.split(split_size)
        total = 0.0
        for xs, ys in zip(parts, targets):
            loss = crit(model(xs), ys)
            loss.backward()  # expect: ACC003
            total += loss.item() / len(parts)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
