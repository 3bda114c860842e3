import torch


def train(model, tasks, meta_opt, n_tasks, iters):
    for it in range(iters):
        meta_loss = 0.0
        for _ in range(n_tasks):
            task = tasks.sample()
            meta_loss = meta_loss + model.adapt(task) / n_tasks
        meta_opt.zero_grad()
        meta_loss.backward()
        meta_opt.step()
