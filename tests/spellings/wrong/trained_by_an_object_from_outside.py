"""The model's backward runs here, after a step that finds no gradient."""


class Trainer:
    def __init__(self, model, optimizer, critic=None, critic_optimizer=None):
        self.model = model
        self.optimizer = optimizer
        self.critic = critic
        self.critic_optimizer = critic_optimizer

    def train_epoch(self, batches):
        for tasks in batches:
            self.optimizer.zero_grad()
            self.optimizer.step()  # expect: ACC005
            if self.critic and self.critic_optimizer:
                self.critic_optimizer.zero_grad()
                hidden = self.critic.hidden_states(self.model, tasks)
                loss = self.critic(hidden, detach=True)
                loss.backward()
                self.critic_optimizer.step()
            loss = self.model(tasks).mean()
            loss.backward()
            self.optimizer.step()
