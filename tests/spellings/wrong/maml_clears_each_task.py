import torch
import torch.nn.functional as F
from torch.func import functional_call


def adapt(model, params, xs, ys, lr, steps):
    for _ in range(steps):
        loss = F.cross_entropy(functional_call(model, params, (xs,)), ys)
        grads = torch.autograd.grad(loss, list(params.values()), create_graph=True)
        params = {k: p - lr * g for (k, p), g in zip(params.items(), grads)}
    return params


def meta_train(model, task_batches):
    meta_opt = torch.optim.Adam(model.parameters(), lr=1e-3)
    for tasks in task_batches:
        for xs, ys, xq, yq in tasks:
            meta_opt.zero_grad()  # expect: ACC002
            fast = adapt(model, dict(model.named_parameters()), xs, ys, 0.4, 5)
            loss = F.cross_entropy(functional_call(model, fast, (xq,)), yq) / len(tasks)
            loss.backward()
        meta_opt.step()
