import torch


class Trainer:
    def __init__(self, model, opt, accum):
        self.model = model
        self.opt = opt
        self.accum = accum
        self.loss_scale = 1.0 / accum

    def run(self, loader):
        for i, (x, y) in enumerate(loader):
            loss = torch.nn.functional.mse_loss(self.model(x), y)
            loss = loss * self.loss_scale
            loss.backward()
            if (i + 1) % self.accum == 0 or i + 1 == len(loader):
                self.opt.step()
                self.opt.zero_grad()
