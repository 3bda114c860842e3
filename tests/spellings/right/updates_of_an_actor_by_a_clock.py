import torch
from torch import nn


class Every:
    def __init__(self, n):
        self.n = n
        self.step = 0

    def __call__(self):
        self.step += 1
        return self.step % self.n == 0


def train(actor, critic, replay, steps, every):
    actor_optimizer = torch.optim.Adam(actor.parameters())
    critic_optimizer = torch.optim.Adam(critic.parameters())
    delayed = Every(every)
    for _ in range(steps):
        state, target = replay.sample()
        critic_loss = nn.functional.mse_loss(critic(state), target)
        critic_optimizer.zero_grad()
        critic_loss.backward()
        critic_optimizer.step()
        if delayed():
            actor_loss = -critic(actor(state)).mean()
            actor_optimizer.zero_grad()
            actor_loss.backward()
            actor_optimizer.step()
