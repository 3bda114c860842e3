import torch


def train(model, tasks, opt, crit, steps):
    for _ in range(steps):
        opt.zero_grad(set_to_none=True)
        losses = []
        for t in tasks:
            x, y = t.batch()
            loss = crit(model(x, t.id), y)
            (loss / len(tasks)).backward()
            losses.append(loss.item())
        opt.step()
        print(sum(losses) / len(losses))
