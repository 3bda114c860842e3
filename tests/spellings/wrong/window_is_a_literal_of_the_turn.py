import torch
from torch import nn
import torch.nn.functional as F

import pytorch_lightning as pl


class Lit(pl.LightningModule):
    def __init__(self, model):
        super().__init__()
        self.model = model
        self.automatic_optimization = False

    def training_step(self, batch, batch_idx):
        N = 4
        opt = self.optimizers()
        loss = F.cross_entropy(self.model(batch[0]), batch[1])
        self.manual_backward(loss)  # expect: ACC003
        if (batch_idx + 1) % N == 0 or self.trainer.is_last_batch:
            opt.step()
            opt.zero_grad()

    def configure_optimizers(self):
        return torch.optim.SGD(self.model.parameters(), lr=0.1)
