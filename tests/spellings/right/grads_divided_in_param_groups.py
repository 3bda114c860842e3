import torch


def fit(model, loader, opt, crit, accum):
    for i, (x, y) in enumerate(loader):
        crit(model(x), y).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            for group in opt.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        p.grad.div_(accum)
            opt.step()
            opt.zero_grad()


def fit2(model, batches, opt, crit, accum):
    for k in range(0, len(batches), accum):
        for x, y in batches[k : k + accum]:
            crit(model(x), y).backward()
        [p.grad.mul_(1 / accum) for p in model.parameters() if p.grad is not None]
        opt.step()
        opt.zero_grad()
