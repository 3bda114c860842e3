import torch


def train(model, loader, opt, crit, accum):
    params = [p for p in model.parameters() if p.requires_grad]
    acc = [torch.zeros_like(p) for p in params]
    k = 0
    for i, (x, y) in enumerate(loader):
        grads = torch.autograd.grad(crit(model(x), y), params)
        for a, g in zip(acc, grads):
            a += g
        k += 1
        if k == accum or i + 1 == len(loader):
            for p, a in zip(params, acc):
                p.grad = a / k
            opt.step()
            acc = [torch.zeros_like(p) for p in params]
            k = 0
