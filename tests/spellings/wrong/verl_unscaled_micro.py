import torch


class Actor:
    def __init__(self, config, module, optimizer):
        self.config = config
        self.module = module
        self.optimizer = optimizer

    def update_policy(self, data):
        for mini in data.split(self.config.mini_batch_size):
            micros = mini.split(self.config.micro_batch_size)
            accumulation = self.config.mini_batch_size // self.config.micro_batch_size
            self.optimizer.zero_grad()
            for micro in micros:
                logp = self.module(micro["input_ids"])
                ratio = torch.exp(logp - micro["old_logp"])
                loss = -torch.min(ratio * micro["adv"], ratio.clamp(0.8, 1.2) * micro["adv"]).mean()
                loss.backward()  # expect: ACC003
            torch.nn.utils.clip_grad_norm_(self.module.parameters(), self.config.grad_clip)
            self.optimizer.step()
