import torch

import checkpoints


def train(model, optimizer, step, loader, opt):
    while step < opt.total_steps:
        for batch in loader:
            step += 1
            loss = model(**batch).loss / opt.accumulation_steps
            loss.backward()
            if step % opt.accumulation_steps == 0:
                optimizer.step()  # expect: ACC001


def main(options, loader):
    opt = options.parse()
    if opt.fresh:
        model = torch.nn.Linear(4, 2)
        optimizer, step = torch.optim.AdamW(model.parameters()), 0
    else:
        model, optimizer, step = checkpoints.load(opt.path, opt)
    train(model, optimizer, step, loader, opt)
