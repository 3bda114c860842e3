import torch


class Actor:
    def __init__(self, config, module, optimizer):
        self.config = config
        self.module = module
        self.optimizer = optimizer

    def _optimizer_step(self):
        norm = torch.nn.utils.clip_grad_norm_(self.module.parameters(), max_norm=self.config.grad_clip)
        if not torch.isfinite(norm):
            self.optimizer.zero_grad()
        else:
            self.optimizer.step()
        return norm

    def update_policy(self, data):
        metrics = []
        for mini in data.split(self.config.mini_batch_size):
            micros = mini.split(self.config.micro_batch_size)
            accumulation = self.config.mini_batch_size // self.config.micro_batch_size
            self.optimizer.zero_grad()
            for micro in micros:
                logp, entropy = self.module(micro["input_ids"])
                ratio = torch.exp(logp - micro["old_logp"])
                pg = -torch.min(ratio * micro["adv"], ratio.clamp(0.8, 1.2) * micro["adv"]).mean()
                policy_loss = pg - entropy.mean() * self.config.entropy_coeff
                loss = policy_loss / accumulation
                loss.backward()
            metrics.append(self._optimizer_step())
        self.optimizer.zero_grad()
        return metrics
