import torch


class Trainer:
    def __init__(self, model, loss_fn, optimizer, scheduler, ga):
        self.model = model
        self.loss_fn = loss_fn
        self.optimizer = optimizer
        self.scheduler = scheduler
        self.gradient_accumulation_steps = ga

    def fwd_bwd(self, batch):
        self.optimizer.zero_grad()  # expect: ACC002
        pred = self.model(batch["input"])
        loss = self.loss_fn(pred, batch["labels"]) / self.gradient_accumulation_steps
        loss.backward()
        return loss.detach()

    def train_step(self, data_iterator):
        losses = []
        for _ in range(self.gradient_accumulation_steps):
            losses.append(self.fwd_bwd(next(data_iterator)))
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.scheduler.step()
        return torch.stack(losses).sum()

    def train(self, data_iterator, steps):
        for step in range(steps):
            loss = self.train_step(data_iterator)
            print(step, loss.item())
