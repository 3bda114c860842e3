import torch


def train(model, loader, crit):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    opt.register_step_post_hook(lambda o, args, kwargs: o.zero_grad())
    for x, y in loader:
        loss = crit(model(x), y)
        loss.backward()
        opt.step()
