import torch


def critic(G, D, g_opt, d_opt, loader, cfg):
    for real in loader:
        for _ in range(5):
            d_opt.zero_grad()
            for _ in range(cfg.d_accum):
                fake = G(torch.randn(8, 128)).detach()
                ((D(fake).mean() - D(real).mean()) / cfg.d_accum).backward()
            d_opt.step()
        g_opt.zero_grad()
        for _ in range(cfg.g_accum):
            (-D(G(torch.randn(8, 128))).mean() / cfg.g_accum).backward()
        g_opt.step()


def diffusion(model, q_sample, loader, opt, args):
    for x in loader:
        for _ in range(args.grad_accum):
            t = torch.randint(0, 1000, (len(x),))
            noise = torch.randn_like(x)
            loss = (model(q_sample(x, t, noise), t) - noise).pow(2).mean() / args.grad_accum
            loss.backward()
        opt.step()
        opt.zero_grad()


def curriculum(cfg, model, optimizer, get_batch, ce):
    for seq_len, steps in cfg.curriculum:
        for step in range(steps):
            for micro in range(cfg.accum):
                x, y = get_batch("train", seq_len)
                loss = ce(model(x), y) / cfg.accum
                loss.backward()
            optimizer.step()
            optimizer.zero_grad()
