import torch
from torch import optim


def run_style_transfer(cnn, content, style, content_losses, style_losses, steps=300):
    img = content.clone().requires_grad_(True)
    cnn.requires_grad_(False)
    optimizer = optim.LBFGS([img])
    run = [0]
    while run[0] <= steps:

        def closure():
            with torch.no_grad():
                img.clamp_(0, 1)
            optimizer.zero_grad()
            cnn(img)
            s = sum(sl.loss for sl in style_losses) * 1e6
            c = sum(cl.loss for cl in content_losses)
            loss = s + c
            loss.backward()
            run[0] += 1
            return loss

        optimizer.step(closure)
    return img.detach()
