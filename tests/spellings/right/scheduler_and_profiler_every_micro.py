import torch


def train(model, loader, opt, crit, accum, prof, sched, env):
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y) / accum
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == n:
            opt.step()
            opt.zero_grad()
        sched.step(i)
        prof.step()
        env.step(loss.item())
