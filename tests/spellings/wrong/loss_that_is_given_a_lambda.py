import torch


def train(gen, disc, criterion, cfg, loader):
    optim_g = torch.optim.Adam(gen.parameters(), lr=cfg.lr)
    while True:
        reals = [next(loader) for _ in range(cfg.grad_accum)]
        disc.requires_grad_(False)
        for i in range(cfg.grad_accum):
            zs = torch.randn(8, 128)
            loss_g = criterion.g_loss(disc(gen(zs)), lambda: disc(reals[i]))
            loss_g.backward()  # expect: ACC003
        optim_g.step()
        optim_g.zero_grad()
        disc.requires_grad_(True)
