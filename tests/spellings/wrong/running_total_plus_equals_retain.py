import torch


def train(model, loader, opt, diffusion, gradient_accumulate_every=2, steps=1000):
    it = iter(loader)
    for step in range(steps):
        total_loss = 0.0
        for _ in range(gradient_accumulate_every):
            x = next(it)
            loss = diffusion(model, x)
            total_loss += loss / gradient_accumulate_every
            total_loss.backward(retain_graph=True)  # expect: ACC013
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        opt.zero_grad()
