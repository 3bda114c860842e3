import torch
from tqdm import tqdm


def train(model, loader, optimizer, criterion, accum):
    with tqdm(total=len(loader)) as bar:
        for x, y in loader:
            (criterion(model(x), y) / accum).backward()
            bar.update(1)
            if bar.n % accum == 0 or bar.n == bar.total:
                optimizer.step()
                optimizer.zero_grad()
