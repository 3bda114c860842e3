import torch


def fit(model, loader, opt, crit, cfg):
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y)
        loss.backward()  # expect: ACC003
        if (i + 1) % cfg["train"]["acc_freq"] == 0 or i + 1 == len(loader):
            torch.nn.utils.clip_grad_norm_(model.parameters(), cfg["train"]["clip"])
            opt.step()
            opt.zero_grad()
