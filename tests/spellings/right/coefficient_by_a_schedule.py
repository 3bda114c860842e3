"""A coefficient that a schedule of the user's gave in an earlier turn: no earlier loss is in this turn's total."""


class Distiller:
    def __init__(self, config, student, teacher, kd_loss):
        self.config, self.student, self.teacher, self.kd_loss = config, student, teacher, kd_loss

    def loss(self, batch):
        total = 0
        for one, other in zip(self.student(batch), self.teacher(batch)):
            total += self.kd_loss(one, other) * self.config.weight
        return total

    def train(self, optimizer, loader, epochs):
        for step in range(epochs):
            for batch in loader:
                total = self.loss(batch)
                total.backward()
                optimizer.step()
                optimizer.zero_grad()
                self.config.weight = self.config.weight_schedule(step / epochs)
