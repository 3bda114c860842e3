import torch
from torch.func import functional_call
import torch.nn.functional as F


def inner_adapt(model, params, xs, ys, lr, steps):
    for _ in range(steps):
        loss = F.cross_entropy(functional_call(model, params, (xs,)), ys)
        grads = torch.autograd.grad(loss, list(params.values()), create_graph=True)
        params = {k: p - lr * g for (k, p), g in zip(params.items(), grads)}
    return params


def meta_train(model, task_batches, meta_lr=1e-3, inner_lr=0.4):
    meta_opt = torch.optim.Adam(model.parameters(), lr=meta_lr)
    for tasks in task_batches:
        meta_opt.zero_grad()
        for xs, ys, xq, yq in tasks:
            fast = inner_adapt(model, dict(model.named_parameters()), xs, ys, inner_lr, 5)
            q_loss = F.cross_entropy(functional_call(model, fast, (xq,)), yq)
            (q_loss / len(tasks)).backward()
        meta_opt.step()
