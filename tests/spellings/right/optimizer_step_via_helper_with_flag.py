import torch


def maybe_step(opt, scaler, model, boundary, clip):
    if not boundary:
        return False
    if scaler is not None:
        scaler.unscale_(opt)
    if clip:
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
    if scaler is not None:
        scaler.step(opt)
        scaler.update()
    else:
        opt.step()
    opt.zero_grad(set_to_none=True)
    return True


def train(model, loader, opt, crit, accum, scaler=None, clip=1.0):
    updates = 0
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y) / accum
        if scaler is not None:
            scaler.scale(loss).backward()
        else:
            loss.backward()
        if maybe_step(opt, scaler, model, (i + 1) % accum == 0 or i + 1 == len(loader), clip):
            updates += 1
    return updates
