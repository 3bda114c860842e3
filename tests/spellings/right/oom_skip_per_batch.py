import torch


def train_epoch(model, loader, optimizer, criterion):
    for i, (src, tgt) in enumerate(loader):
        try:
            loss = criterion(model(src), tgt)
            loss.backward()
        except RuntimeError as e:
            if "out of memory" not in str(e):
                raise
            print(f"| WARNING: ran out of memory on batch {i}, skipping")
            optimizer.zero_grad()
            torch.cuda.empty_cache()
            continue
        torch.nn.utils.clip_grad_norm_(model.parameters(), 0.1)
        optimizer.step()
        optimizer.zero_grad()
