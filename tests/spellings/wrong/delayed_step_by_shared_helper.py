"""Every second turn steps, and the helper that both networks share clears in every one."""

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
        last = (turn + 1) % self.update_freq == 0
        self.update(self.cri_optimizer, self.criterion(self.cri(state, action), target), last)
        self.update(self.act_optimizer, self.act(state).square().mean(), last)

    @staticmethod
    def update(optimizer, objective, last):
        optimizer.zero_grad()  # expect: ACC002
        objective.backward()  # expect: ACC003
        if last:
            optimizer.step()
