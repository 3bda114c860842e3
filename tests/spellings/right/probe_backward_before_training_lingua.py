import torch


def train(model, data, opt, crit, n_probe_batch):
    x, y = n_probe_batch
    probe = crit(model(x), y)
    probe.backward()
    print("probe gradient", sum(p.grad.norm() for p in model.parameters()))
    opt.zero_grad()
    for x, y in data:
        loss = crit(model(x), y)
        loss.backward()
        opt.step()
        opt.zero_grad()
