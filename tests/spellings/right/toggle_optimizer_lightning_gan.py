import lightning as L
import torch
import torch.nn.functional as F


class GAN(L.LightningModule):
    def __init__(self, G, D):
        super().__init__()
        self.G, self.D = G, D
        self.automatic_optimization = False

    def configure_optimizers(self):
        return torch.optim.Adam(self.G.parameters(), 2e-4), torch.optim.Adam(self.D.parameters(), 2e-4)

    def training_step(self, batch):
        imgs, _ = batch
        og, od = self.optimizers()
        z = torch.randn(imgs.shape[0], 100).type_as(imgs)
        self.toggle_optimizer(og)
        g_loss = F.binary_cross_entropy(self.D(self.G(z)), torch.ones(imgs.size(0), 1))
        self.manual_backward(g_loss)
        og.step()
        og.zero_grad()
        self.untoggle_optimizer(og)
        self.toggle_optimizer(od)
        d_loss = (F.binary_cross_entropy(self.D(imgs), torch.ones(imgs.size(0), 1)) + F.binary_cross_entropy(self.D(self.G(z).detach()), torch.zeros(imgs.size(0), 1))) / 2
        self.manual_backward(d_loss)
        od.step()
        od.zero_grad()
        self.untoggle_optimizer(od)
