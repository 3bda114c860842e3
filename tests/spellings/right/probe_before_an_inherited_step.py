"""The first batch is probed, and its gradients are thrown away; the backward of training stands in a base class out of sight."""

import torch
from library import LibraryTrainer


class Trainer(LibraryTrainer):
    def probe(self, model, inputs):
        self.compute_loss(model, inputs).backward()
        self.scale = sum(torch.sum(param.grad**2) for param in model.parameters())
        model.zero_grad()

    def train(self):
        model = self.model
        optimizer = torch.optim.AdamW(model.parameters())
        for epoch in range(self.args.epochs):
            for step, inputs in enumerate(self.get_train_dataloader()):
                if epoch == 0 and step == 0 and self.args.probes:
                    self.probe(model, inputs)
                self.training_step(model, inputs)
                if (step + 1) % self.args.gradient_accumulation_steps == 0 or step + 1 == self.steps_in_epoch:
                    optimizer.step()
                    model.zero_grad()
