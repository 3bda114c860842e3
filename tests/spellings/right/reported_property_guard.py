class Trainer:
    def __init__(self, model, optimizer, n):
        self.model, self.optimizer, self.n, self.micro = model, optimizer, n, 0

    @property
    def should_step(self):
        return self.micro % self.n == 0

    def run(self, loader, epochs):
        for e in range(epochs):
            for x in loader:
                (self.model(x).mean() / self.n).backward()
                self.micro += 1
                if self.should_step:
                    self.optimizer.step()
                    self.optimizer.zero_grad()
