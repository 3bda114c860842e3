import pytorch_lightning as pl
import torch


class PLDiffusion(pl.LightningModule):
    def __init__(self, net, accumulate_grad_batches=4):
        super().__init__()
        self.net = net
        self.automatic_optimization = False
        self.accumulate_grad_batches = accumulate_grad_batches

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), lr=1e-4)

    def training_step(self, batch, batch_idx):
        opt = self.optimizers()
        opt.zero_grad()  # expect: ACC002
        loss = self.net(batch).mean() / self.accumulate_grad_batches
        self.manual_backward(loss)
        if (batch_idx + 1) % self.accumulate_grad_batches == 0 or self.trainer.is_last_batch:
            opt.step()
        return loss
