import torch


def maml(model, tasks, meta_opt, crit, inner_lr=0.01, meta_batch=4):
    for it in range(1000):
        for _ in range(meta_batch):
            meta_opt.zero_grad()  # expect: ACC002
            (xs, ys), (xq, yq) = tasks.sample()
            fast = dict(model.named_parameters())
            loss = crit(torch.func.functional_call(model, fast, (xs,)), ys)
            grads = torch.autograd.grad(loss, list(fast.values()), create_graph=True)
            fast = {k: p - inner_lr * g for (k, p), g in zip(fast.items(), grads)}
            outer = crit(torch.func.functional_call(model, fast, (xq,)), yq) / meta_batch
            outer.backward()
        meta_opt.step()
