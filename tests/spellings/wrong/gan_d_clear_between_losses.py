import torch
import torch.nn as nn

criterion = nn.BCEWithLogitsLoss()


def train(netG, netD, loader, opt_d, opt_g):
    for real in loader:
        netD.zero_grad()
        out = netD(real).view(-1)
        criterion(out, torch.ones_like(out)).backward()
        netD.zero_grad()  # expect: ACC002
        fake = netG(torch.randn(real.size(0), 100, 1, 1))
        out = netD(fake.detach()).view(-1)
        criterion(out, torch.zeros_like(out)).backward()
        opt_d.step()

        netG.zero_grad()
        out = netD(fake).view(-1)
        criterion(out, torch.ones_like(out)).backward()
        opt_g.step()
