import torch


def finetune(net, loader, crit, epochs, unfreeze_at):
    head_opt = torch.optim.Adam(net.head.parameters(), 1e-3)
    body_opt = torch.optim.Adam(net.body.parameters(), 1e-5)
    for epoch in range(epochs):
        for p in net.body.parameters():
            p.requires_grad_(epoch >= unfreeze_at)
        for x, y in loader:
            head_opt.zero_grad()
            body_opt.zero_grad()
            crit(net(x), y).backward()
            head_opt.step()
            if epoch >= unfreeze_at:
                body_opt.step()
