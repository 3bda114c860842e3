import torch


def pretrain_then_finetune(model, pre, fine, crit):
    opt = torch.optim.AdamW(model.parameters(), 1e-3)
    for x in pre:
        opt.zero_grad()
        loss = model.reconstruct(x).pow(2).mean()
        loss.backward()
        opt.step()
    opt = torch.optim.SGD(model.parameters(), 1e-2)
    for x, y in fine:
        loss = crit(model(x), y)
        loss.backward()
        opt.step()  # expect: ACC001
