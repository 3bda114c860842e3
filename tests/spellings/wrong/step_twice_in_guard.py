import torch


def fit(model, loader, opt, sched, crit, accum):
    for i, (x, y) in enumerate(loader):
        (crit(model(x), y) / accum).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            sched.step()
            opt.step()  # expect: ACC005
            opt.zero_grad()
