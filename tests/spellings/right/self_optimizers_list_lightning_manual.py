import lightning.pytorch as pl
import torch


class TwoOpt(pl.LightningModule):
    def __init__(self, a, b, accum):
        super().__init__()
        self.a, self.b, self.accum = a, b, accum
        self.automatic_optimization = False

    def configure_optimizers(self):
        return [torch.optim.Adam(self.a.parameters()), torch.optim.SGD(self.b.parameters(), lr=0.1)]

    def training_step(self, batch, batch_idx):
        opts = self.optimizers()
        loss = (self.b(self.a(batch))).pow(2).mean() / self.accum
        self.manual_backward(loss)
        if (batch_idx + 1) % self.accum == 0 or self.trainer.is_last_batch:
            for o in opts:
                o.step()
                o.zero_grad()
