import torch


def train(model, loader, opt, budget=4096):
    tokens = 0
    for i, b in enumerate(loader):
        loss_sum, n_tok = model(b)
        loss_sum.backward()
        tokens += n_tok
        if tokens >= budget or i + 1 == len(loader):
            for p in model.parameters():
                if p.grad is not None:
                    p.grad.div_(tokens)
            opt.step()
            opt.zero_grad()
            tokens = 0
