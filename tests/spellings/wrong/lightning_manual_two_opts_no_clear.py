import lightning.pytorch as pl
import torch
import torch.nn.functional as F


class LitGAN(pl.LightningModule):
    def __init__(self, G, D):
        super().__init__()
        self.automatic_optimization = False
        self.G, self.D = G, D

    def training_step(self, batch, batch_idx):
        opt_g, opt_d = self.optimizers()
        z = torch.randn(batch.size(0), 64, device=self.device)
        fake = self.G(z)
        d_loss = F.softplus(-self.D(batch)).mean() + F.softplus(self.D(fake.detach())).mean()
        opt_d.zero_grad()
        self.manual_backward(d_loss)
        opt_d.step()

        g_loss = F.softplus(-self.D(fake)).mean()
        self.manual_backward(g_loss)
        opt_g.step()  # expect: ACC001

    def configure_optimizers(self):
        return torch.optim.Adam(self.G.parameters(), 2e-4), torch.optim.Adam(self.D.parameters(), 2e-4)
