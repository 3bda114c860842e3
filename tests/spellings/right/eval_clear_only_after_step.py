import torch


def train(model, tr, va, opt, crit, accum, eval_every):
    n, updates = len(tr), 0
    for i, (x, y) in enumerate(tr):
        loss = crit(model(x), y) / accum
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == n:
            opt.step()
            opt.zero_grad()
            updates += 1
            if updates % eval_every == 0:
                model.eval()
                with torch.no_grad():
                    print(sum(model(v).mean().item() for v in va))
                opt.zero_grad()
                model.train()
