import torch


def train(model, loader, optimizer, cfg):
    chunks = []
    for batch in loader:
        chunks.append(batch)
        for turn, chunk in enumerate(chunks):
            (model(chunk).mean() / cfg.accum).backward()
            if (turn + 1) % cfg.accum == 0 or turn + 1 == len(chunks):
                optimizer.step()
                optimizer.zero_grad()
        chunks = []
