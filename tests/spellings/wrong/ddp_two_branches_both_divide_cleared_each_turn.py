import torch


def train(ddp_model, loader, opt, lossf, accum):
    total = len(loader)
    for step, (x, y) in enumerate(loader, 1):
        opt.zero_grad()  # expect: ACC002
        if step % accum != 0 and step != total:
            with ddp_model.no_sync():
                loss = lossf(ddp_model(x), y) / accum
                loss.backward()
        else:
            loss = lossf(ddp_model(x), y) / accum
            loss.backward()
            opt.step()
            opt.zero_grad()
