import torch


class Fitter:
    def __init__(self, model, loader):
        self.model = model
        self.loader = loader
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
        self.sched = torch.optim.lr_scheduler.ReduceLROnPlateau(self.optimizer)
        self.criterion = torch.nn.CrossEntropyLoss()

    def run(self, epochs):
        for e in range(epochs):
            tot = 0.0
            for x, y in self.loader:
                self.optimizer.zero_grad()
                loss = self.criterion(self.model(x), y)
                loss.backward()
                self.optimizer.step  # expect: ACC011
                tot += loss.item()
            self.sched.step(tot)
