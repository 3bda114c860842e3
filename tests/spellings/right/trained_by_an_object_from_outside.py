"""The model's backward runs in an object that was handed in; the adversary, where there is one, comes after the model's step."""


class Trainer:
    def __init__(self, model, optimizer, learner, critic=None, critic_optimizer=None):
        self.model = model
        self.optimizer = optimizer
        self.learner = learner
        self.critic = critic
        self.critic_optimizer = critic_optimizer

    def train_epoch(self, batches):
        for tasks in batches:
            self.optimizer.zero_grad()
            self.learner(tasks=tasks, train=True)
            if self.critic and self.critic_optimizer:
                self.optimizer.step()
                self.critic_optimizer.zero_grad()
                hidden = self.critic.hidden_states(self.model, tasks)
                loss = self.critic(hidden, detach=True)
                loss.backward()
                self.critic_optimizer.step()
                hidden = self.critic.hidden_states(self.model, tasks)
                adversarial_loss = -self.critic(hidden)
                adversarial_loss.backward()
            self.optimizer.step()
