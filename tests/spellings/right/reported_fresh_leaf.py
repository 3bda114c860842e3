import torch


def guide(unet, latents, timesteps, scale):
    for t in timesteps:
        x = latents.detach().clone()
        x.requires_grad = True
        opt = torch.optim.SGD([x], lr=scale)  # a new leaf and a new optimizer each turn
        loss = unet(x, t).pow(2).mean()
        loss.backward()
        opt.step()
        latents = x.detach()
    return latents
