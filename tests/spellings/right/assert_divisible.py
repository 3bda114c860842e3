import torch


def train(model, loader, crit, opt, args):
    assert len(loader) % args.grad_acc_steps == 0, "epoch must hold whole windows"
    for epoch in range(args.epochs):
        for i, (x, y) in enumerate(loader):
            loss = crit(model(x), y) / args.grad_acc_steps
            loss.backward()
            if (i + 1) % args.grad_acc_steps == 0:
                opt.step()
                opt.zero_grad()
