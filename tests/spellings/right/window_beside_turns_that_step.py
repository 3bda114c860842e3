import torch


def train(gen, disc, criterion, cfg, loader):
    optim_d = torch.optim.Adam(disc.parameters(), lr=cfg.lr)
    optim_g = torch.optim.Adam(gen.parameters(), lr=cfg.lr)
    while True:
        for _ in range(cfg.n_disc):
            loss_d = criterion.d_loss(disc(next(loader)))
            loss_d.backward()
            optim_d.step()
            optim_d.zero_grad()
        disc.requires_grad_(False)
        for _ in range(cfg.grad_accum):
            loss_g = criterion.g_loss(disc(gen(torch.randn(8, 128)))) / cfg.grad_accum
            loss_g.backward()
        optim_g.step()
        optim_g.zero_grad()
        disc.requires_grad_(True)
