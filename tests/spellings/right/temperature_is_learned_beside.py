"""The temperature of an earlier turn's update is part of the actor's loss: a parameter, none of an earlier turn's losses."""

import torch


class Agent:
    def __init__(self, actor, critic):
        self.actor, self.critic = actor, critic
        self.actor_optimizer = torch.optim.Adam(self.actor.parameters())
        self.temperature = 0.2
        self.log_temperature = torch.zeros(1, requires_grad=True)
        self.temperature_optimizer = torch.optim.Adam([self.log_temperature])

    def train(self, states):
        actions, log_pi = self.actor(states)
        actor_loss = (self.temperature * log_pi - self.critic(states, actions)).mean()
        self.actor_optimizer.zero_grad()
        actor_loss.backward()
        self.actor_optimizer.step()
        temperature_loss = -(self.log_temperature * (log_pi + 1.0).detach()).mean()
        self.temperature_optimizer.zero_grad()
        temperature_loss.backward()
        self.temperature_optimizer.step()
        self.temperature = self.log_temperature.exp()
