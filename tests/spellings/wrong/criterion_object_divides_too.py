import torch


class Mean(torch.nn.Module):
    def __init__(self, accum):
        super().__init__()
        self.accum = accum
        self.ce = torch.nn.CrossEntropyLoss()

    def forward(self, x, y):
        return self.ce(x, y) / self.accum


def train(net, loader, opt, accum):
    crit = Mean(accum)
    for i, (x, y) in enumerate(loader):
        loss = crit(net(x), y) / accum
        loss.backward()  # expect: ACC014
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
