class Trainer:
    def __init__(self, args):
        self.current_step = 1
        self.total_steps, self.accumulation_steps = args.total_steps, args.accumulation_steps

    def forward_propagation(self, batch, model):
        raise NotImplementedError

    def train(self, loader, model, optimizer):
        loader_iter = iter(loader)
        while True:
            if self.current_step == self.total_steps + 1:
                break
            batch = list(next(loader_iter))
            loss = self.forward_propagation(batch, model)
            loss.backward()
            if self.current_step % self.accumulation_steps == 0:
                optimizer.step()
                model.zero_grad()
            self.current_step += 1


class MlmTrainer(Trainer):
    def forward_propagation(self, batch, model):
        src, tgt = batch
        return model(src, tgt) / self.accumulation_steps
