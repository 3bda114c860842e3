import torch
import torch.nn.functional as F


class TD3:
    def __init__(self, actor, critic, actor_t, critic_t, policy_freq=2):
        self.actor, self.critic, self.actor_t, self.critic_t = actor, critic, actor_t, critic_t
        self.actor_optimizer = torch.optim.Adam(actor.parameters(), lr=3e-4)
        self.critic_optimizer = torch.optim.Adam(critic.parameters(), lr=3e-4)
        self.policy_freq = policy_freq
        self.total_it = 0

    def train(self, replay, batch_size=256):
        self.total_it += 1
        s, a, s2, r, nd = replay.sample(batch_size)
        with torch.no_grad():
            a2 = (self.actor_t(s2) + (torch.randn_like(a) * 0.2).clamp(-0.5, 0.5)).clamp(-1, 1)
            q1, q2 = self.critic_t(s2, a2)
            y = r + nd * 0.99 * torch.min(q1, q2)
        c1, c2 = self.critic(s, a)
        critic_loss = F.mse_loss(c1, y) + F.mse_loss(c2, y)
        self.critic_optimizer.zero_grad()
        critic_loss.backward()
        self.critic_optimizer.step()
        if self.total_it % self.policy_freq == 0:
            actor_loss = -self.critic.Q1(s, self.actor(s)).mean()
            self.actor_optimizer.zero_grad()
            actor_loss.backward()
            self.actor_optimizer.step()
            for p, t in zip(self.critic.parameters(), self.critic_t.parameters()):
                t.data.copy_(0.005 * p.data + 0.995 * t.data)
