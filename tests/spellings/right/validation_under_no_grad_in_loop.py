import torch


def train(model, tr, va, opt, crit, accum, eval_every=500):
    step = 0
    best = 1e9
    for epoch in range(100):
        for i, (x, y) in enumerate(tr):
            (crit(model(x), y) / accum).backward()
            step += 1
            if (i + 1) % accum == 0 or i + 1 == len(tr):
                opt.step()
                opt.zero_grad()
            if step % eval_every == 0:
                model.eval()
                with torch.no_grad():
                    v = sum(crit(model(a), b).item() for a, b in va) / len(va)
                model.train()
                if v < best:
                    best = v
                    torch.save(model.state_dict(), "best.pt")
