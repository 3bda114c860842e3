import pytorch_lightning as pl
import torch


class Module(pl.LightningModule):
    def __init__(self, net, n=8):
        super().__init__()
        self.save_hyperparameters(ignore=["net"])
        self.net = net
        self.automatic_optimization = False

    def training_step(self, batch, batch_idx):
        opt = self.optimizers()
        loss = self.net(batch).mean() / self.hparams.n
        self.manual_backward(loss)
        if (batch_idx + 1) % self.hparams.n == 0:  # expect: ACC004
            self.clip_gradients(opt, gradient_clip_val=1.0, gradient_clip_algorithm="norm")
            opt.step()
            opt.zero_grad()

    def configure_optimizers(self):
        return torch.optim.Adam(self.net.parameters())
