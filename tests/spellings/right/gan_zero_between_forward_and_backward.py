import torch
from torch import nn


def train(netD, netG, dataloader, nz, device):
    criterion = nn.BCEWithLogitsLoss()
    optD = torch.optim.Adam(netD.parameters(), 2e-4, (0.5, 0.999))
    optG = torch.optim.Adam(netG.parameters(), 2e-4, (0.5, 0.999))
    for i, (real, _) in enumerate(dataloader):
        real = real.to(device)
        b = real.size(0)
        fake = netG(torch.randn(b, nz, 1, 1, device=device))
        out_r, out_f = netD(real), netD(fake.detach())
        d_loss = criterion(out_r, torch.ones_like(out_r)) + criterion(out_f, torch.zeros_like(out_f))
        optD.zero_grad()
        d_loss.backward()
        optD.step()
        out = netD(fake)
        g_loss = criterion(out, torch.ones_like(out))
        optG.zero_grad()
        g_loss.backward()
        optG.step()
