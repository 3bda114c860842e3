import torch


class Env:
    def step(self):
        return 1


def fit(model, loader, opt, crit, env, profiler):
    env.step  # noqa: B018 (property in older versions)
    for x, y in loader:
        opt.zero_grad()
        crit(model(x), y).backward()
        opt.step()
        profiler.step
