import torch


def train(model, loader, opt, crit, accum):
    for i, (x, y) in enumerate(loader):
        (crit(model(x), y) / accum).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            total = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            if torch.isfinite(total).all():
                opt.step()
            else:
                print("overflow, window dropped")
            opt.zero_grad()
