from accelerate import Accelerator
import torch


from dataclasses import dataclass, field


@dataclass
class Config:
    train_gradient_accumulation_steps: int = 1
    accelerator_kwargs: dict = field(default_factory=dict)


class Trainer:
    def __init__(self, config: Config, pipeline):
        self.config, self.pipeline = config, pipeline
        self.accelerator = Accelerator(
            gradient_accumulation_steps=config.train_gradient_accumulation_steps,
            **config.accelerator_kwargs,
        )
        layers = pipeline.get_trainable_layers()
        self.optimizer = torch.optim.AdamW(layers.parameters())
        self.layers, self.optimizer = self.accelerator.prepare(layers, self.optimizer)

    def step(self):
        for _ in range(self.config.train_gradient_accumulation_steps):
            with self.accelerator.accumulate(self.pipeline.unet):
                loss = self.pipeline.unet(self.pipeline.batch()).mean()
                self.accelerator.backward(loss)
                self.optimizer.step()
                self.optimizer.zero_grad()

    def train(self):
        for epoch in range(self.config.epochs):
            self.step()
