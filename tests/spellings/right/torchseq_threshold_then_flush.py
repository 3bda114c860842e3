import torch


class Agent:
    def __init__(self, model, config, lr):
        self.model = model
        self.config = config
        self.optimizer = torch.optim.Adam(model.parameters(), lr=lr)

    def train_one_epoch(self, data_loader):
        self.model.train()
        self.optimizer.zero_grad()
        steps_accum = 0
        n_accum = self.config.optim_batch_size // self.config.batch_size
        for batch_idx, batch in enumerate(data_loader):
            loss = self.model(batch).mean() / n_accum
            loss.backward()
            steps_accum += 1
            if steps_accum >= n_accum:
                self._apply()
                steps_accum = 0
        if steps_accum:
            self._apply()

    def _apply(self):
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        self.optimizer.step()
        self.optimizer.zero_grad()

    def train(self, data_loader, n_epochs):
        for epoch in range(n_epochs):
            self.train_one_epoch(data_loader)
