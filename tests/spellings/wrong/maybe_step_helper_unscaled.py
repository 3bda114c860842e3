import torch


def maybe_step(opt, model, boundary, clip):
    if not boundary:
        return False
    torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
    opt.step()
    opt.zero_grad(set_to_none=True)
    return True


def train(model, loader, opt, crit, accum, clip=1.0):
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y)
        loss.backward()  # expect: ACC003
        maybe_step(opt, model, (i + 1) % accum == 0 or i + 1 == len(loader), clip)
