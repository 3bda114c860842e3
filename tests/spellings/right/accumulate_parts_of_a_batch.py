from accelerate import Accelerator
import torch


class Trainer:
    def __init__(self, model, cfgs, loaders):
        self.cfgs = cfgs
        self.accelerator = Accelerator(gradient_accumulation_steps=cfgs.train.gradient_accumulation_steps)
        self.optimizer = torch.optim.AdamW(model.parameters())
        self.model, self.optimizer, self.loaders = self.accelerator.prepare(model, self.optimizer, loaders)

    def train(self):
        for data_list in self.loaders:
            self.train_one_step(data_list)

    def train_one_step(self, data_list):
        with self.accelerator.accumulate(self.model):
            for idx, data in enumerate(data_list):
                loss = self.model(data) * self.cfgs.weights[idx]
                self.accelerator.backward(loss)
            self.optimizer.step()
            self.optimizer.zero_grad()
