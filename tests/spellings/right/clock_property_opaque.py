import torch
from refiners.training_utils import Trainer as Base


class MyTrainer(Base):
    def backward(self):
        scaled = self.loss / self.clock.gradient_accumulation.number
        scaled.backward()
        if self.clock.is_optimizer_step:
            self.optimizer.step()
            self.optimizer.zero_grad()

    def train_batch(self, batch):
        self.loss = self.compute_loss(batch)
        self.backward()
        self.clock.step()
