import torch


class Base:
    def __init__(self, model, opt, accum=4):
        self.model, self.opt, self.accum = model, opt, accum

    def backward(self, loss):
        loss.backward()

    def scale(self, loss):
        return loss / self.accum

    def fit(self, loader, criterion):
        n = len(loader)
        for i, (x, y) in enumerate(loader):
            self.backward(self.scale(criterion(self.model(x), y)))
            if (i + 1) % self.accum == 0 or i + 1 == n:
                self.opt.step()
                self.opt.zero_grad()


class Amp(Base):
    def __init__(self, *a, **k):
        super().__init__(*a, **k)
        self.scaler = torch.amp.GradScaler("cuda", enabled=False)

    def backward(self, loss):
        self.scaler.scale(loss).backward()
