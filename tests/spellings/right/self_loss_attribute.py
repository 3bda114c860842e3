import torch


class T:
    def __init__(self, model, opt, accum):
        self.model, self.opt, self.accum = model, opt, accum

    def forward(self, batch):
        self.loss = torch.nn.functional.mse_loss(self.model(batch[0]), batch[1])

    def backward(self):
        self.loss = self.loss / self.accum
        self.loss.backward()

    def fit(self, loader):
        for i, b in enumerate(loader):
            self.forward(b)
            self.backward()
            if (i + 1) % self.accum == 0 or i + 1 == len(loader):
                self.opt.step()
                self.opt.zero_grad()
