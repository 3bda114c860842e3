import torch


def train(model, it, opt, lossf, grad_acc, total):
    for update in range(total):
        opt.zero_grad(set_to_none=True)
        with model.no_sync():
            for _ in range(grad_acc):
                x, y = next(it)
                loss = lossf(model(x), y) / grad_acc
                loss.backward()
        x, y = next(it)
        loss = lossf(model(x), y) / grad_acc
        loss.backward()
        opt.step()  # expect: ACC016
