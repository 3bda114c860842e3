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
        og, od = self.optimizers()
        self.toggle_optimizer(og)
        g_loss = -self.D(self.G(batch)).mean()
        self.manual_backward(g_loss)
        og.step()
        og.zero_grad()
        self.untoggle_optimizer(og)
        self.toggle_optimizer(od)
        d_loss = F.softplus(-self.D(batch)).mean() + F.softplus(self.D(self.G(batch).detach())).mean()
        self.manual_backward(d_loss)
        od.step()  # expect: ACC001
        self.untoggle_optimizer(od)
