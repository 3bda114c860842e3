import torch


def train(ddp_model, loader, opt, lossf, accum):
    total = len(loader)
    for step, (x, y) in enumerate(loader, 1):
        if step % accum != 0 and step != total:
            with ddp_model.no_sync():
                loss = lossf(ddp_model(x), y)
                loss.backward()  # expect: ACC003
        else:
            loss = lossf(ddp_model(x), y)
            loss.backward()
            opt.step()
            opt.zero_grad()
