import torch


def train(model, loader, crit, lr):
    opts = {p: torch.optim.Adam([p], lr=lr, foreach=False) for p in model.parameters()}

    def hook(p):
        opts[p].step()
        opts[p].zero_grad()

    for p in model.parameters():
        p.register_post_accumulate_grad_hook(hook)
    for x, y in loader:
        loss = crit(model(x), y)
        loss.backward()
