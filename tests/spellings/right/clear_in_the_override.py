import torch


class Trainer:
    def __init__(self, model, args):
        self.model = model
        self.optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)

    def _forward(self, eval=False):
        raise NotImplementedError

    def train_step(self, sample):
        self.sample = sample
        self._forward()
        self.loss.backward()
        self.optimizer.step()


class SeqTrainer(Trainer):
    def _forward(self, eval=False):
        if not eval:
            self.optimizer.zero_grad()
        self.loss = self.model(self.sample).mean()


def train(args, loader):
    trainer = SeqTrainer(torch.nn.Linear(2, 2), args)
    for epoch in range(args.epochs):
        for sample in loader:
            trainer.train_step(sample)
