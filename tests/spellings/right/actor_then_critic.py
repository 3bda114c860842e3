"""The actor's loss runs through the critic, whose own clear throws that away: the actor has stepped by then."""

import torch


class Agent:
    def __init__(self, args):
        self.args = args
        self.actor = make_actor(args)
        self.critic = make_critic(args)
        self.actor_optimizer = torch.optim.Adam(self.actor.parameters())
        self.critic_optimizer = torch.optim.Adam(self.critic.parameters())

    def train(self, transitions, target, me):
        states, actions = [], []
        for k in range(self.args.agents):
            states.append(transitions[f"states_{k}"])
            actions.append(transitions[f"actions_{k}"])
        critic_loss = (target - self.critic(states, actions)).pow(2).mean()
        actions[me] = self.actor(states[me])
        actor_loss = -self.critic(states, actions).mean()
        self.actor_optimizer.zero_grad()
        actor_loss.backward()
        self.actor_optimizer.step()
        self.critic_optimizer.zero_grad()
        critic_loss.backward()
        self.critic_optimizer.step()
