import pytorch_lightning as pl
import torch


class Lit(pl.LightningModule):
    def __init__(self, net, accumulate_grad=4):
        super().__init__()
        self.automatic_optimization = False
        self.net = net
        self.accumulate_grad = accumulate_grad

    def training_step(self, batch, batch_idx):
        opt = self.optimizers()
        x, y = batch
        loss = torch.nn.functional.cross_entropy(self.net(x), y)
        self.manual_backward(loss)  # expect: ACC003
        if (batch_idx + 1) % self.accumulate_grad == 0 or self.trainer.is_last_batch:
            opt.step()
            opt.zero_grad()

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)
