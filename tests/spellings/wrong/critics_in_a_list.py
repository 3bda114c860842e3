import torch

from networks import D64, D128, G
import config as cfg


class Trainer:
    def build_models(self):
        nets = []
        if cfg.BRANCHES > 0:
            nets.append(D64())
        if cfg.BRANCHES > 1:
            nets.append(D128())
        return G(), nets

    def define_optimizers(self, netG, netsD):
        optimizersD = []
        for i in range(len(netsD)):
            opt = torch.optim.Adam(netsD[i].parameters(), lr=2e-4)
            optimizersD.append(opt)
        return torch.optim.Adam(netG.parameters(), lr=2e-4), optimizersD

    def train(self, loader):
        netG, netsD = self.build_models()
        optimizerG, optimizersD = self.define_optimizers(netG, netsD)
        for imgs, z in loader:
            fakes = netG(z)
            for i in range(len(netsD)):
                errD = netsD[i](imgs[i]).mean() - netsD[i](fakes[i].detach()).mean()
                errD.backward()
                optimizersD[i].step()  # expect: ACC001
            netG.zero_grad()
            errG = -sum(netsD[i](fakes[i]).mean() for i in range(len(netsD)))
            errG.backward()
            optimizerG.step()


def of_a_comprehension(loader):
    netG, netsD = G(), [D64(), D128()]
    optimizerG = torch.optim.Adam(netG.parameters(), lr=2e-4)
    optimizersD = [torch.optim.Adam(net.parameters()) for net in netsD]
    for imgs, z in loader:
        fakes = netG(z)
        for i, (net, opt) in enumerate(zip(netsD, optimizersD)):
            errD = net(imgs[i]).mean() - net(fakes[i].detach()).mean()
            errD.backward()
            opt.step()  # expect: ACC001
        netG.zero_grad()
        errG = -sum(netsD[i](fakes[i]).mean() for i in range(len(netsD)))
        errG.backward()
        optimizerG.step()
