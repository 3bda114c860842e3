import pytorch_lightning as pl
import torch
import torch.nn.functional as F


class Module(pl.LightningModule):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def training_step(self, batch, batch_idx):
        x, y = batch
        loss = F.cross_entropy(self.net(x), y)
        self.log("train_loss", loss)
        return loss

    def configure_optimizers(self):
        return torch.optim.Adam(self.net.parameters(), lr=1e-3)


trainer = pl.Trainer(accumulate_grad_batches=4, gradient_clip_val=0.5)
