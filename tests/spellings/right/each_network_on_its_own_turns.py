"""The critic learns on even turns, the actor on odd ones, each from all of the tasks."""

import torch


class Agent:
    def __init__(self, actor, critic, buffers):
        self.actor = actor
        self.critic = critic
        self.buffers = buffers
        self.actor_optimizer = torch.optim.Adam(self.actor.parameters())
        self.critic_optimizer = torch.optim.Adam(self.critic.parameters())
        self.turn = 0

    def train(self, turns):
        while self.turn < turns:
            self.turn += 1
            for buffer in self.buffers:
                state, action, target = buffer.sample()
                if self.turn % 2 == 0:
                    loss = (self.critic(state, action) - target).pow(2).mean()
                    loss.backward()
                else:
                    loss = -self.critic.value(state, self.actor(state)).mean()
                    loss.backward()
            if self.turn % 2 == 0:
                self.critic_optimizer.step()
            else:
                self.actor_optimizer.step()
            self.actor_optimizer.zero_grad()
            self.critic_optimizer.zero_grad()
