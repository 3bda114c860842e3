import torch


class Trainer:
    def __init__(self, epochs, warm=0):
        self.epochs = epochs
        self.warm = warm

    def fit(self, net, loader):
        optimizer = torch.optim.Adam(net.parameters())
        for _ in range(self.warm):
            for x in loader:
                out = net(x)
                loss = torch.sum((out - x) ** 2, dim=tuple(range(1, out.dim()))).mean()
                loss.backward()
                optimizer.step()  # expect: ACC001
