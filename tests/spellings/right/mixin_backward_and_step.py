import torch


class AmpMixin:
    use_amp = True

    def init_amp(self):
        self.scaler = torch.amp.GradScaler("cuda", enabled=self.use_amp)

    def backward(self, loss):
        self.scaler.scale(loss).backward()

    def optimizer_step(self):
        self.scaler.unscale_(self.optimizer)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.optimizer.zero_grad(set_to_none=True)


class Trainer(AmpMixin):
    def __init__(self, model, optimizer, accum):
        self.model, self.optimizer, self.accum = model, optimizer, accum
        self.init_amp()

    def train(self, loader, criterion):
        for i, (x, y) in enumerate(loader):
            with torch.autocast("cuda", enabled=self.use_amp):
                loss = criterion(self.model(x), y) / self.accum
            self.backward(loss)
            if (i + 1) % self.accum == 0 or i + 1 == len(loader):
                self.optimizer_step()
