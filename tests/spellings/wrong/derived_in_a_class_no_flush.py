class Trainer:
    def __init__(self, model, optimizer, args):
        self.model, self.optimizer = model, optimizer
        self.n_accum = max(1, args.batch_size // args.micro_batch_size)

    def fit(self, loader, epochs):
        for epoch in range(epochs):
            self.optimizer.zero_grad()
            for i, batch in enumerate(loader):
                loss = self.model(batch) / self.n_accum
                loss.backward()
                if (i + 1) % self.n_accum == 0:  # expect: ACC004
                    self.optimizer.step()
                    self.optimizer.zero_grad()
