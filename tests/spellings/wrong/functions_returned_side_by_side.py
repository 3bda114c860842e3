import torch


def make_step(model, opt, accum):
    def micro(x, y):
        loss = torch.nn.functional.mse_loss(model(x), y) / accum
        loss.backward()

    def apply():
        opt.step()  # expect: ACC001

    return micro, apply


def main(model, loader, accum=4):
    opt = torch.optim.AdamW(model.parameters())
    micro, apply = make_step(model, opt, accum)
    for i, (x, y) in enumerate(loader):
        micro(x, y)
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            apply()
