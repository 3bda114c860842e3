import torch


def train(net, opt, loader, n_acc, loss_fns):
    nb = len(loader)
    for i, batch in enumerate(loader):
        pred = net(batch["x"])
        terms = {k: fn(pred, batch["y"]) for k, fn in loss_fns.items()}
        for j, (k, v) in enumerate(terms.items()):
            (v / n_acc).backward(retain_graph=j < len(terms) - 1)
        if (i + 1) % n_acc == 0 or i + 1 == nb:
            opt.step()
            opt.zero_grad()
