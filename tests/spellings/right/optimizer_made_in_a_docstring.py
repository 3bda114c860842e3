"""A base class tells its heirs in words how to make the optimizer: it makes none, and who does clears it."""


class BaseSolver:
    def backward(self, loss):
        loss.backward()
        self.optimizer.step()

    def set_model(self):
        """Heirs make it here: self.optimizer = Optimizer(self.model.parameters())."""
