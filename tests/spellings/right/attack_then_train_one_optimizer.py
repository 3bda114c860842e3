def fgsm_training(model, loader, opt, crit, eps):
    for x, y in loader:
        x.requires_grad_()
        crit(model(x), y).backward()
        x_adv = (x + eps * x.grad.sign()).detach()
        opt.zero_grad()
        crit(model(x_adv), y).backward()
        opt.step()
