import torch


class NoamOpt:
    def __init__(self, model_size, factor, warmup, optimizer):
        self.optimizer = optimizer
        self._step, self.warmup, self.factor, self.model_size = 0, warmup, factor, model_size

    def step(self):
        self._step += 1
        for p in self.optimizer.param_groups:
            p["lr"] = self.rate()
        self.optimizer.step()

    def rate(self):
        s = self._step
        return self.factor * self.model_size**-0.5 * min(s**-0.5, s * self.warmup**-1.5)


def run(model, loader, crit):
    opt = NoamOpt(512, 2, 4000, torch.optim.Adam(model.parameters(), lr=0, betas=(0.9, 0.98), eps=1e-9))
    for epoch in range(10):
        for src, tgt in loader:
            loss = crit(model(src, tgt[:, :-1]), tgt[:, 1:])
            loss.backward()
            opt.step()
            opt.optimizer.zero_grad()
