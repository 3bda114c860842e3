class Trainer:
    def __init__(self, model, optimizer, loader, n):
        self.model, self.optimizer, self.loader, self.n = model, optimizer, loader, n
        self.n_iter = 0

    def train(self, epochs):
        for _ in range(epochs):
            for batch in self.loader:
                (self.model(batch).mean() / self.n).backward()
                self.tick()
                if self.n_iter % self.n == 0:
                    self.optimizer.step()
                    self.optimizer.zero_grad()

    def tick(self):
        self.n_iter += 1
