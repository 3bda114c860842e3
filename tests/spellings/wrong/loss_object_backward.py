import torch


class Loss:
    def __init__(self):
        self.acc_loss = 0

    def eval_batch(self, outputs, target):
        self.acc_loss = torch.nn.functional.nll_loss(outputs, target)

    def backward(self):
        self.acc_loss.backward()


class Trainer:
    def __init__(self, opt):
        self.loss = Loss()
        self.optimizer = opt

    def train_batch(self, x, y, model):
        loss = self.loss
        outputs = model(x)
        loss.eval_batch(outputs, y)
        loss.backward()
        self.optimizer.step()  # expect: ACC001


net = torch.nn.Linear(2, 2)
trainer = Trainer(torch.optim.Adam(net.parameters(), lr=1e-4))
for epoch in range(5):
    for x, y in loader:
        trainer.train_batch(x, y, net)
