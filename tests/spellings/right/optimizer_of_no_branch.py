import torch


class Experiment:
    def __init__(self, model, predictor, algorithm, other, loader):
        self.model, self.predictor, self.loader = model, predictor, loader
        self.optimizer_of_predictor = None
        self.optimizer = self.made(algorithm, model.parameters())
        if predictor:
            self.optimizer_of_predictor = self.made(other, predictor.parameters())

    def made(self, algorithm, parameters):
        if algorithm == "adam":
            optimizer = torch.optim.Adam(parameters)
        elif algorithm == "sgd":
            optimizer = torch.optim.SGD(parameters, lr=0.1)
        return optimizer

    def train_epoch(self):
        for x, y in self.loader:
            self.optimizer.zero_grad()
            if self.optimizer_of_predictor:
                self.optimizer_of_predictor.zero_grad()
            hidden = self.model(x)
            hidden.mean().backward()
            self.optimizer.step()
            if self.predictor:
                torch.nn.functional.cross_entropy(self.predictor(hidden.detach()), y).backward()
                self.optimizer_of_predictor.step()
