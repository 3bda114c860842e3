class Trainer(object):
    def __init__(self, data_loader, model, optimizer, config):
        self.data_loader = data_loader
        self.model = model
        self.optimizer = optimizer
        self.config = config
        self.finish_train = False
        self.gradient_accumulate_steps = self.config.get("gradient_accumulate_steps", 1)

    def run(self):
        self.backward_steps = 0
        while True:
            self._train_epoch()
            if self.finish_train:
                break

    def _train_step(self, batch):
        pass

    def _train_epoch(self):
        for batch in self.data_loader:
            self._train_step(batch)
            if self.backward_steps % self.gradient_accumulate_steps > 0:
                continue
            if self.finish_train:
                return


class AASTrainer(Trainer):
    def _train_step(self, batch):
        loss = self.model(batch)
        if self.gradient_accumulate_steps > 1:
            loss = loss / self.gradient_accumulate_steps
        loss.backward()
        self.backward_steps += 1
        if self.backward_steps % self.gradient_accumulate_steps > 0:
            return
        self.optimizer.step()
        self.optimizer.zero_grad()
