import torch


def evaluate(model, va, opt):
    model.eval()
    opt.zero_grad()  # expect: ACC002
    with torch.no_grad():
        r = sum(model(v).mean().item() for v in va)
    model.train()
    return r


def train(model, tr, va, opt, crit, accum, eval_every):
    n = len(tr)
    for i, (x, y) in enumerate(tr):
        loss = crit(model(x), y) / accum
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == n:
            opt.step()
            opt.zero_grad()
        if (i + 1) % eval_every == 0:
            print(evaluate(model, va, opt))
