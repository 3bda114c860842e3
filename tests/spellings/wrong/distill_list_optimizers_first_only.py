import torch


class Multi:
    def __init__(self, nets, lr):
        self.nets = nets
        self.optims = [torch.optim.Adam(n.parameters(), lr=lr) for n in nets]

    def step(self, x, y, crit):
        loss = sum(crit(n(x), y) for n in self.nets)
        for o in self.optims:
            o.zero_grad()
        loss.backward()
        for o in self.optims:
            o.step  # expect: ACC011
        return loss.item()


def train(multi, loader, crit):
    for x, y in loader:
        multi.step(x, y, crit)
