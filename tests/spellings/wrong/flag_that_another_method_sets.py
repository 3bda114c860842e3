import torch


class Trainer:
    def __init__(self, net, cfg):
        self.net = net
        self.cfg = cfg
        self.adapted = False

    def adapt(self):
        self.net.add_adapter()
        self.adapted = True

    def train(self, loader):
        if not self.adapted:
            raise RuntimeError("call adapt() first")
        opt = torch.optim.AdamW(self.net.parameters())
        for epoch in range(self.cfg.epochs):
            for i, (x, y) in enumerate(loader):
                loss = torch.nn.functional.mse_loss(self.net(x), y) / self.cfg.accum
                loss.backward()
                if (i + 1) % self.cfg.accum == 0 or i + 1 == len(loader):
                    opt.step()  # expect: ACC001
