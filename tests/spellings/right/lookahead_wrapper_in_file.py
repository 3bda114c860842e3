import torch


class Lookahead:
    def __init__(self, optimizer, k=5, alpha=0.5):
        self.optimizer, self.k, self.alpha, self.count = optimizer, k, alpha, 0
        self.slow = [[p.clone().detach() for p in g["params"]] for g in optimizer.param_groups]

    def zero_grad(self):
        self.optimizer.zero_grad()

    def step(self):
        self.optimizer.step()
        self.count += 1
        if self.count % self.k == 0:
            for g, s in zip(self.optimizer.param_groups, self.slow):
                for p, q in zip(g["params"], s):
                    q.add_(p.data - q, alpha=self.alpha)
                    p.data.copy_(q)


def train(model, loader, crit):
    opt = Lookahead(torch.optim.Adam(model.parameters()))
    for x, y in loader:
        opt.zero_grad()
        crit(model(x), y).backward()
        opt.step()
