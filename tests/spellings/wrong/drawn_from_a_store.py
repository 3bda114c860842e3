import torch


class Parts:
    def __init__(self, loader, size, num_micro):
        self.data = iter(loader)
        self.size, self.num_micro = size, num_micro

    def __iter__(self):
        return self

    def __next__(self):
        batch = next(self.data)
        parts = []
        for k in range(self.num_micro):
            parts.append({key: value[k * self.size : (k + 1) * self.size] for key, value in batch.items()})
        return parts


class Trainer:
    def __init__(self, model, store, config):
        self.model, self.store = model, store
        self.num_micro = config.batch_size // config.micro_size
        self.size = config.micro_size
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=config.lr)

    def learn(self, epochs):
        for _ in range(epochs):
            loader = self.store.create_loader(self.num_micro * self.size)
            for parts in Parts(loader, self.size, self.num_micro):
                for part in parts:
                    loss = self.model(**part).loss
                    loss.backward()  # expect: ACC003
                self.optimizer.step()
                self.optimizer.zero_grad()
