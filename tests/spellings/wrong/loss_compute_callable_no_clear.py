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


def main(model, loader):
    compute = LossCompute(torch.nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=0.1))
    for x, y in loader:
        compute(model(x), y)
