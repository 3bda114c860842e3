class Trainer:
    def __init__(self, model, data, optimizer, criterion, epochs, model_checkpoint=None, gradient_accumulation_steps=1):
        self.model = model
        self.data = data
        self.optimizer = optimizer
        self.criterion = criterion
        self.epochs = epochs
        self.model_checkpoint = model_checkpoint
        self.gradient_accumulation_steps = gradient_accumulation_steps

    def _epoch(self):
        for step, (ids, labels) in enumerate(self.data):
            loss = self.criterion(self.model(ids), labels) / self.gradient_accumulation_steps
            loss.backward()
            if (step + 1) % self.gradient_accumulation_steps == 0:  # expect: ACC004
                self.optimizer.step()
                self.optimizer.zero_grad()
        return loss.item()

    def train(self):
        for epoch in range(1, self.epochs + 1):
            loss = self._epoch()
            if self.model_checkpoint:
                self.model_checkpoint.step(current=loss, state=1)
