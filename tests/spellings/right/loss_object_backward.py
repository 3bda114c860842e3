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
        self.optimizer = opt
        self.loss = Loss()

    def train_batch(self, x, y, model):
        loss = self.loss
        outputs = model(x)
        loss.eval_batch(outputs, y)
        model.zero_grad()
        loss.backward()
        self.optimizer.step()


G = torch.nn.Linear(2, 2)
optim_G = torch.optim.Adam(G.parameters(), lr=1e-4)
trainer = Trainer(optim_G)
for epoch in range(5):
    for x, y in loader:
        trainer.train_batch(x, y, G)
for epoch in range(100):
    for x, y in loader:
        optim_G.zero_grad()
        loss_G = G(x).mean()
        loss_G.backward()
        optim_G.step()
