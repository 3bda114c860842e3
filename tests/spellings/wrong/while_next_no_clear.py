import torch


def train(model, loader, opt, crit, max_iter):
    it = iter(loader)
    k = 0
    while k < max_iter:
        try:
            x, y = next(it)
        except StopIteration:
            it = iter(loader)
            continue
        loss = crit(model(x), y)
        loss.backward()
        torch.nn.utils.clip_grad_value_(model.parameters(), 0.5)
        opt.step()  # expect: ACC001
        k += 1
