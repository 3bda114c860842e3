import lightning.pytorch as pl
import torch


class Lit(pl.LightningModule):
    def __init__(self, net, n_accum=4):
        super().__init__()
        self.automatic_optimization = False
        self.net = net
        self.n_accum = n_accum

    def configure_optimizers(self):
        return torch.optim.Adam(self.net.parameters(), lr=1e-3)

    def training_step(self, batch, batch_idx):
        opt = self.optimizers()
        opt.zero_grad()  # expect: ACC002
        x, y = batch
        loss = torch.nn.functional.mse_loss(self.net(x), y) / self.n_accum
        self.manual_backward(loss)
        if (batch_idx + 1) % self.n_accum == 0 or self.trainer.is_last_batch:
            opt.step()
