import copy

import torch


def reptile(model, tasks, loss_fn, meta_lr=0.1, inner_lr=0.01, inner_steps=5, iterations=1000):
    for it in range(iterations):
        task = tasks.sample()
        fast = copy.deepcopy(model)
        opt = torch.optim.SGD(fast.parameters(), lr=inner_lr)
        for _ in range(inner_steps):
            x, y = task.batch()
            loss = loss_fn(fast(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
        with torch.no_grad():
            for p, q in zip(model.parameters(), fast.parameters()):
                p.add_(meta_lr * (q - p))
