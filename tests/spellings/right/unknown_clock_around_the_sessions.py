import torch
import torch.nn.functional as F


class Voice:
    def train(self, model, optimizer, schedule):
        for lr, max_step in schedule:
            if model.get_step() < max_step:
                self.session(model, optimizer, lr)

    def session(self, model, optimizer, data):
        for x, y in data:
            loss = F.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if model.get_step() % 100 == 0:
                self.show(model, x)

    def show(self, model, x):
        print(model(x), model.step)
