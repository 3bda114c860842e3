import torch
from accelerate import Accelerator


class PPOTrainer:
    def __init__(self, config, model):
        self.accelerator = Accelerator(gradient_accumulation_steps=config.gradient_accumulation_steps)
        self.optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate)
        self.model, self.optimizer = self.accelerator.prepare(model, self.optimizer)
        self.config = config

    def step(self, minibatches):
        for mb in minibatches:
            with self.accelerator.accumulate(self.model):
                logp = self.model(mb["ids"])
                loss = -(torch.exp(logp - mb["old"]) * mb["adv"]).mean()
                self.model.zero_grad()  # expect: ACC002
                self.accelerator.backward(loss)
                self.optimizer.step()
