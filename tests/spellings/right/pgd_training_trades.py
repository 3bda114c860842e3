import torch
import torch.nn.functional as F


def trades(model, x, y, optimizer, steps=10, eps=0.031, alpha=0.003, beta=6.0):
    model.eval()
    x_adv = x.detach() + 0.001 * torch.randn_like(x)
    for _ in range(steps):
        x_adv.requires_grad_()
        with torch.enable_grad():
            kl = F.kl_div(F.log_softmax(model(x_adv), 1), F.softmax(model(x), 1), reduction="sum")
        g = torch.autograd.grad(kl, [x_adv])[0]
        x_adv = x_adv.detach() + alpha * g.sign()
        x_adv = torch.min(torch.max(x_adv, x - eps), x + eps).clamp(0, 1)
    model.train()
    optimizer.zero_grad()
    logits = model(x)
    nat = F.cross_entropy(logits, y)
    rob = F.kl_div(F.log_softmax(model(x_adv), 1), F.softmax(logits, 1), reduction="batchmean")
    return nat + beta * rob


def train(model, loader, optimizer):
    for x, y in loader:
        loss = trades(model, x, y, optimizer)
        loss.backward()
        optimizer.step()
