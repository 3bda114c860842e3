import torch
import torch.nn.functional as F


def stylize(content, vgg, content_ref, style_ref, steps=300):
    img = content.clone().requires_grad_(True)
    optimizer = torch.optim.LBFGS([img])
    run = [0]
    while run[0] <= steps:

        def closure():
            with torch.no_grad():
                img.clamp_(0, 1)
            optimizer.zero_grad()
            c, s = vgg(img)
            loss = F.mse_loss(c, content_ref) + 1e6 * F.mse_loss(s, style_ref)
            loss.backward()
            run[0] += 1
            return loss

        optimizer.step(closure)
    return img.detach()
