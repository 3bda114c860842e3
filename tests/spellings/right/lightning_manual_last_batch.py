import lightning.pytorch as pl
import torch
from torch import nn


class LitSeg(pl.LightningModule):
    def __init__(self, net: nn.Module, accum: int = 4):
        super().__init__()
        self.net = net
        self.accum = accum
        self.automatic_optimization = False

    def training_step(self, batch, batch_idx):
        opt = self.optimizers()
        x, y = batch
        loss = nn.functional.cross_entropy(self.net(x), y)
        self.manual_backward(loss / self.accum)
        if (batch_idx + 1) % self.accum == 0 or self.trainer.is_last_batch:
            self.clip_gradients(opt, gradient_clip_val=0.5, gradient_clip_algorithm="norm")
            opt.step()
            opt.zero_grad()
        self.log("train_loss", loss)

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), lr=1e-4)
