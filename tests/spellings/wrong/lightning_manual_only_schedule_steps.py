import torch

import pytorch_lightning as pl


class M(pl.LightningModule):
    def __init__(self, net):
        super().__init__()
        self.net = net
        self.automatic_optimization = False

    def training_step(self, batch, batch_idx):
        opt = self.optimizers()
        sch = self.lr_schedulers()
        opt.zero_grad()
        loss = self.net(batch).mean()
        self.manual_backward(loss)  # expect: ACC017
        sch.step()

    def configure_optimizers(self):
        o = torch.optim.Adam(self.net.parameters())
        return [o], [torch.optim.lr_scheduler.StepLR(o, 1)]
