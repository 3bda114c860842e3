import torch


class Recipe:
    def setup(self, cfg):
        self.compiled = cfg.compiled
        self._optimizer = self._setup_optimizer(cfg.optimizer, cfg.in_backward)
        if self.compiled:
            self._optimizer.step = torch.compile(self._optimizer.step)

    def _setup_optimizer(self, cfg, in_backward):
        if in_backward:
            return None
        optimizer = cfg.instantiate(self.model.parameters())
        return optimizer

    def train(self):
        for x, y in self.loader:
            self.loss_fn(self.model(x), y).backward()
            self._optimizer.step()
            self._optimizer.zero_grad()
