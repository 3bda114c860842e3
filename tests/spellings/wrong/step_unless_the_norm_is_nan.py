import math

import torch


def train(model, loader, optimizer, crit, accum):
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y)
        if torch.isnan(loss).data:
            break
        loss.backward()  # expect: ACC003
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            if math.isnan(norm):
                print("not a number: no update")
            else:
                optimizer.step()
            optimizer.zero_grad()
