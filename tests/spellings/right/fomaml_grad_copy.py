import copy

import torch
import torch.nn.functional as F


def outer_loop(model, meta_opt, tasks, inner_lr=0.01, steps=3):
    meta_opt.zero_grad()
    for p in model.parameters():
        p.grad = torch.zeros_like(p)
    for xs, ys, xq, yq in tasks:
        learner = copy.deepcopy(model)
        inner = torch.optim.SGD(learner.parameters(), lr=inner_lr)
        for _ in range(steps):
            inner.zero_grad()
            F.cross_entropy(learner(xs), ys).backward()
            inner.step()
        inner.zero_grad()
        F.cross_entropy(learner(xq), yq).backward()
        for p, q in zip(model.parameters(), learner.parameters()):
            p.grad.add_(q.grad, alpha=1 / len(tasks))
    meta_opt.step()
