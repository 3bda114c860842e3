import torch


class Brain:
    def __init__(self, modules, opt_class, hparams):
        self.modules, self.hparams = modules, hparams
        self.optimizer = opt_class(modules.parameters())
        self.grad_accumulation_factor = hparams["grad_accumulation_factor"]
        self.step, self.optimizer_step = 0, 0

    def compute_objectives(self, out, batch):
        return torch.nn.functional.mse_loss(out, batch[1])

    def fit_batch(self, batch):
        should_step = self.step % self.grad_accumulation_factor == 0
        loss = self.compute_objectives(self.modules(batch[0]), batch)
        (loss / self.grad_accumulation_factor).backward()
        if should_step:
            torch.nn.utils.clip_grad_norm_(self.modules.parameters(), 5.0)
            self.optimizer.step()
            self.optimizer.zero_grad(set_to_none=True)
            self.optimizer_step += 1
        return loss.detach()

    def fit(self, loader, epochs):
        for e in range(epochs):
            self.step = 0
            for batch in loader:
                self.step += 1
                self.fit_batch(batch)
            if self.step % self.grad_accumulation_factor:
                self.optimizer.step()
                self.optimizer.zero_grad(set_to_none=True)
