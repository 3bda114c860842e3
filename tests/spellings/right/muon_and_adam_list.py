import torch


def main(model, loader, Muon, accum=8, steps=1000):
    hidden = [p for p in model.blocks.parameters() if p.ndim >= 2]
    rest = [p for p in model.parameters() if p.ndim < 2]
    optimizers = [torch.optim.AdamW(rest, lr=3e-4, fused=True), Muon(hidden, lr=0.02, momentum=0.95)]
    schedulers = [torch.optim.lr_scheduler.LambdaLR(o, lambda s: 1 - s / steps) for o in optimizers]
    batches = iter(loader)
    for step in range(steps):
        for _ in range(accum):
            x, y = next(batches)
            (model(x, y) / accum).backward()
        for opt, sched in zip(optimizers, schedulers):
            opt.step()
            sched.step()
        model.zero_grad(set_to_none=True)
