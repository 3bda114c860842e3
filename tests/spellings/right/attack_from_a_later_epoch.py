import torch


class Attack:
    def __init__(self, model, optimizer, start_epoch):
        self.model = model
        self.optimizer = optimizer
        self.start_epoch = start_epoch

    def backward(self, batch, epoch, accum):
        if epoch < self.start_epoch:
            return
        loss = self.model(**batch).mean() / accum
        loss.backward()


def train(epoch, model, loader, optimizer, cfg, attack=None):
    for i, batch in enumerate(loader):
        (model(**batch).mean() / cfg.accum).backward()
        if cfg.use_attack:
            attack.backward(batch, epoch, cfg.accum)
        if (i + 1) % cfg.accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()


def main(cfg, model, loader):
    optimizer = torch.optim.AdamW(model.parameters())
    attack = None
    if cfg.use_attack:
        attack = Attack(model, optimizer, cfg.start_epoch)
    for epoch in range(cfg.epochs):
        train(epoch, model, loader, optimizer, cfg, attack)
