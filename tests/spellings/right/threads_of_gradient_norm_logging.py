import torch


def train(model, loader, opt, crit, accum, log):
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y)
        (loss / accum).backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), float("inf"))
        log(i, norm)
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
