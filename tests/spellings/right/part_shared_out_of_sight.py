import torch
import torch.nn.functional as F


class Curl:
    def __init__(self, critic, curl):
        self.critic, self.CURL = critic, curl
        self.critic_optimizer = torch.optim.Adam(self.critic.parameters(), lr=1e-3)
        self.encoder_optimizer = torch.optim.Adam(self.critic.encoder.parameters(), lr=1e-3)
        self.cpc_optimizer = torch.optim.Adam(self.CURL.parameters(), lr=1e-3)

    def update_critic(self, obs, target):
        critic_loss = F.mse_loss(self.critic(obs), target)
        self.critic_optimizer.zero_grad()
        critic_loss.backward()
        self.critic_optimizer.step()

    def update_cpc(self, anchor, labels):
        loss = F.cross_entropy(self.CURL.encode(anchor), labels)
        self.encoder_optimizer.zero_grad()
        self.cpc_optimizer.zero_grad()
        loss.backward()
        self.encoder_optimizer.step()
        self.cpc_optimizer.step()

    def update(self, replay):
        obs, target, labels = replay.sample()
        self.update_critic(obs, target)
        self.update_cpc(obs, labels)
