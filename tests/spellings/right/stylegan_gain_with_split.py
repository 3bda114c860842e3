import torch


def accumulate_gradients(loss_fn, phase, real, z, batch_gpu):
    rounds = len(real) // batch_gpu
    for r, zz in zip(real.split(batch_gpu), z.split(batch_gpu)):
        loss_fn(phase.module, r, zz).mean().mul(phase.interval / rounds).backward()


def training_loop(phases, loader, loss_fn, batch_gpu, z_dim):
    for batch_idx, real in enumerate(loader):
        z = torch.randn(len(real), z_dim)
        for phase in phases:
            if batch_idx % phase.interval != 0:
                continue
            phase.opt.zero_grad(set_to_none=True)
            accumulate_gradients(loss_fn, phase, real, z, batch_gpu)
            phase.opt.step()
