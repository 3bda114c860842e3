"""Two losses of the critic, the first of which its own clear throws away; the actor has its own turn."""

import torch


class Agent:
    def __init__(self, args):
        self.args = args
        self.actor = make_actor(args)
        self.critic = make_critic(args)
        self.actor_optimizer = torch.optim.Adam(self.actor.parameters())
        self.critic_optimizer = torch.optim.Adam(self.critic.parameters())

    def train(self, state, action, target):
        self.critic_optimizer.zero_grad()
        (target - self.critic(state, action)).pow(2).mean().backward()
        self.critic_optimizer.zero_grad()  # expect: ACC002
        (target - self.critic(state, action)).abs().mean().backward()
        self.critic_optimizer.step()
        actor_loss = -self.critic(state, self.actor(state)).mean()
        self.actor_optimizer.zero_grad()
        actor_loss.backward()
        self.actor_optimizer.step()
