import torch


def run(model, loader, crit, opt=None, accum=4):
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y)
        if opt is not None:
            (loss / accum).backward()
            if (i + 1) % accum == 0 or i + 1 == len(loader):
                opt.step()
                opt.zero_grad()


def main(model, train_loader, val_loader, crit):
    opt = torch.optim.AdamW(model.parameters())
    for _ in range(10):
        run(model, train_loader, crit, opt)
        with torch.no_grad():
            run(model, val_loader, crit)
