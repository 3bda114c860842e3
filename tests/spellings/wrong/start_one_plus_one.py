import torch
from tqdm import tqdm


def train(model, loader, optimizer, criterion, accum):
    bar = tqdm(enumerate(loader, start=1), total=len(loader))
    for step, (x, y) in bar:
        loss = criterion(model(x), y) / accum
        loss.backward()
        if (step + 1) % accum == 0 or step == len(loader):  # expect: ACC016
            optimizer.step()
            optimizer.zero_grad()
        bar.set_description(f"{loss.item() * accum:.3f}")
