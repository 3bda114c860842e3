import torch


class Pix2Pix:
    def __init__(self, netG, netD, gan_loss, l1):
        self.netG, self.netD, self.criterionGAN, self.criterionL1 = netG, netD, gan_loss, l1
        self.optimizer_G = torch.optim.Adam(netG.parameters(), lr=2e-4)
        self.optimizer_D = torch.optim.Adam(netD.parameters(), lr=2e-4)

    def set_requires_grad(self, nets, flag):
        for net in nets if isinstance(nets, list) else [nets]:
            for p in net.parameters():
                p.requires_grad = flag

    def forward(self):
        self.fake_B = self.netG(self.real_A)

    def backward_D(self):
        fake = self.netD(torch.cat((self.real_A, self.fake_B), 1).detach())
        real = self.netD(torch.cat((self.real_A, self.real_B), 1))
        self.loss_D = (self.criterionGAN(fake, False) + self.criterionGAN(real, True)) * 0.5
        self.loss_D.backward()

    def backward_G(self):
        pred = self.netD(torch.cat((self.real_A, self.fake_B), 1))
        self.loss_G = self.criterionGAN(pred, True) + 100.0 * self.criterionL1(self.fake_B, self.real_B)
        self.loss_G.backward()

    def optimize_parameters(self):
        self.forward()
        self.set_requires_grad(self.netD, True)
        self.optimizer_D.zero_grad()
        self.backward_D()
        self.optimizer_D.step()
        self.set_requires_grad(self.netD, False)
        self.optimizer_G.zero_grad()
        self.backward_G()
        self.optimizer_G.step()


def train(model, dataset, epochs):
    for epoch in range(epochs):
        for data in dataset:
            model.real_A, model.real_B = data["A"], data["B"]
            model.optimize_parameters()
