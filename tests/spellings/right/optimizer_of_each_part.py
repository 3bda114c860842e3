import torch


class Trainer:
    def _train_step(self, models, optimizers, domain):
        for optimizer in optimizers:
            optimizer.zero_grad()
        xs = domain.sample_segments()
        for im, i1 in domain.active_ims:
            loss = (models[im](xs[i1]) ** 2).mean()
            loss.backward()
            optimizers[im].step()

    def train(self, models, domain, steps):
        optimizers = [torch.optim.Adam(model.parameters(), lr=1e-3) for model in models]
        for i in range(steps):
            self._train_step(models, optimizers, domain)
