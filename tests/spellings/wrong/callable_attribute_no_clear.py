import torch


class LossCompute:
    def __init__(self, criterion, opt):
        self.criterion = criterion
        self.opt = opt

    def __call__(self, pred, y):
        loss = self.criterion(pred, y)
        loss.backward()
        self.opt.step()  # expect: ACC001
        return loss.item()


class Learner:
    def __init__(self, model, loader):
        self.model, self.loader = model, loader
        self.compute = LossCompute(torch.nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=0.1))

    def fit(self):
        for x, y in self.loader:
            self.compute(self.model(x), y)
