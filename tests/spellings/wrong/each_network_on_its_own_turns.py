"""One network, whose losses are computed in two ways; only each N-th turn steps, and nothing divides."""

import torch


class Agent:
    def __init__(self, critic, buffer, accumulation_steps):
        self.critic = critic
        self.buffer = buffer
        self.accumulation_steps = accumulation_steps
        self.optimizer = torch.optim.Adam(self.critic.parameters())
        self.turn = 0

    def train(self, turns):
        while self.turn < turns:
            self.turn += 1
            state, action, target = self.buffer.sample()
            if self.turn % self.accumulation_steps == 0:
                loss = torch.nn.functional.mse_loss(self.critic(state, action), target)
                loss.backward()
                self.optimizer.step()
                self.optimizer.zero_grad()
            else:
                loss = torch.nn.functional.l1_loss(self.critic(state, action), target)
                loss.backward()  # expect: ACC003
