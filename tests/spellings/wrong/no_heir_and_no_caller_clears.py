import torch


class Trainer:
    def __init__(self, model, args):
        self.model = model
        self.optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)

    def _forward(self):
        pass

    def train_step(self, sample):
        self.sample = sample
        self._forward()
        loss = self.model(sample).mean()
        loss.backward()
        self.optimizer.step()  # expect: ACC001


class LoggingTrainer(Trainer):
    def _forward(self):
        print(self.sample)


def train(trainer, loader):
    for sample in loader:
        trainer.train_step(sample)
