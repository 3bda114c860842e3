"""One of three critics is cleared behind its backward; the networks are cut from one list, and the class of their optimizers is the caller's to choose."""

import torch
from torch import nn, optim


class Critics:
    def __init__(self, nets, optimizer_class=optim.Adam, sampler_class=None):
        self.criterion = nn.MSELoss()
        self.agent = nets[0]
        self.qf1, self.qf2, self.vf = nets[1:]
        self.policy_optimizer = sampler_class(self.agent.policy.parameters())
        self.qf1_optimizer = optimizer_class(self.qf1.parameters())
        self.qf2_optimizer = optimizer_class(self.qf2.parameters())
        self.vf_optimizer = optimizer_class(self.vf.parameters())

    def train(self, loader):
        for obs, action, target in loader:
            log_pi = self.agent(obs)
            loss = torch.mean((self.qf1(obs, action) - target) ** 2) + torch.mean((self.qf2(obs, action) - target) ** 2)
            self.qf1_optimizer.zero_grad()
            self.qf2_optimizer.zero_grad()
            loss.backward()
            self.qf1_optimizer.step()
            self.qf2_optimizer.step()
            vf_loss = self.criterion(self.vf(obs), target)
            vf_loss.backward()
            self.vf_optimizer.zero_grad()  # expect: ACC012
            self.vf_optimizer.step()
            policy_loss = (log_pi - torch.min(self.qf1(obs, log_pi), self.qf2(obs, log_pi))).mean()
            self.policy_optimizer.zero_grad()
            policy_loss.backward()
            self.policy_optimizer.step()
