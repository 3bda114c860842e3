import torch


def fit(model, loader, criterion):
    opts = {p: torch.optim.AdamW([p], lr=1e-4, foreach=False) for p in model.parameters()}

    def hook(p):
        opts[p].step()
        opts[p].zero_grad()

    for p in model.parameters():
        p.register_post_accumulate_grad_hook(hook)

    for x, y in loader:
        loss = criterion(model(x), y)
        loss.backward()
