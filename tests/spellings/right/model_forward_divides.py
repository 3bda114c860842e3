import torch


class Net(torch.nn.Module):
    def __init__(self, n):
        super().__init__()
        self.n = n
        self.f = torch.nn.Linear(2, 2)

    def forward(self, x, y):
        return torch.nn.functional.cross_entropy(self.f(x), y) / self.n


def train(loader, n):
    model = Net(n)
    opt = torch.optim.SGD(model.parameters(), 0.1)
    for i, (x, y) in enumerate(loader):
        model(x, y).backward()
        if (i + 1) % n == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
