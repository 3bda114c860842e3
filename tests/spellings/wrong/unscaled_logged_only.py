import torch
import torch.nn.functional as F


def train(model, loader, optimizer, accum, writer):
    for i, (x, y) in enumerate(loader):
        loss = F.cross_entropy(model(x), y)
        loss.backward()  # expect: ACC003
        writer.add_scalar("loss", loss.item() / accum, i)
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
