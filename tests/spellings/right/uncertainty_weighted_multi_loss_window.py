import torch


def train(model, log_vars, loader, accum, lr=1e-3):
    opt = torch.optim.Adam(list(model.parameters()) + [log_vars], lr=lr)
    for i, (x, targets) in enumerate(loader):
        preds = model(x)
        loss = sum(torch.exp(-log_vars[k]) * torch.nn.functional.mse_loss(p, t) + log_vars[k] for k, (p, t) in enumerate(zip(preds, targets)))
        (loss / accum).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
