import torch


def diffusion(model, q_sample, loader, opt, args):
    for x in loader:
        for _ in range(args.grad_accum):
            t = torch.randint(0, 1000, (len(x),))
            noise = torch.randn_like(x)
            opt.zero_grad()  # expect: ACC002
            loss = (model(q_sample(x, t, noise), t) - noise).pow(2).mean() / args.grad_accum
            loss.backward()
        opt.step()


def curriculum(cfg, model, optimizer, get_batch, ce):
    for seq_len, steps in cfg.curriculum:
        for step in range(steps):
            for micro in range(cfg.accum):
                x, y = get_batch("train", seq_len)
                loss = ce(model(x), y) / cfg.accum
                loss.backward()
            optimizer.step()  # expect: ACC001
