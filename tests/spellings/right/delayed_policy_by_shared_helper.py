"""TD3: every second turn is the actor's too; the helper that both networks share clears, runs backward and steps."""

import torch
from torch import nn


class Agent:
    def __init__(self, args):
        self.criterion = nn.MSELoss()
        self.update_freq = args.update_freq
        self.act, self.cri = nn.Linear(4, 2), nn.Bilinear(4, 2, 1)
        self.act_optimizer = torch.optim.Adam(self.act.parameters())
        self.cri_optimizer = torch.optim.Adam(self.cri.parameters())

    def update_net(self, buffer, times):
        for turn in range(times):
            self.update_objectives(buffer, turn)

    def update_objectives(self, buffer, turn):
        state, action, target = buffer.sample()
        self.update(self.cri_optimizer, self.criterion(self.cri(state, action), target))
        if turn % self.update_freq == 0:
            self.update(self.act_optimizer, -self.cri(state, self.act(state)).mean())

    @staticmethod
    def update(optimizer, objective):
        optimizer.zero_grad()
        objective.backward()
        optimizer.step()
