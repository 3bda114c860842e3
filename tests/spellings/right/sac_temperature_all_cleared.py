import torch
import torch.nn.functional as F


class Agent:
    def __init__(self, actor, critic, target, lr, alpha_lr, target_entropy):
        self.actor, self.critic, self.target = actor, critic, target
        self.log_alpha = torch.zeros(1, requires_grad=True)
        self.actor_optim = torch.optim.Adam(actor.parameters(), lr=lr)
        self.critic_optim = torch.optim.Adam(critic.parameters(), lr=lr)
        self.alpha_optim = torch.optim.Adam([self.log_alpha], lr=alpha_lr)
        self.target_entropy = target_entropy

    def update(self, buffer, updates, gamma=0.99):
        for _ in range(updates):
            s, a, r, s2, d = buffer.sample(256)
            with torch.no_grad():
                a2, logp2 = self.actor.sample(s2)
                q_t = r + gamma * (1 - d) * (self.target(s2, a2) - self.log_alpha.exp() * logp2)
            critic_loss = F.mse_loss(self.critic(s, a), q_t)
            self.critic_optim.zero_grad()
            critic_loss.backward()
            self.critic_optim.step()

            a_new, logp = self.actor.sample(s)
            actor_loss = (self.log_alpha.exp().detach() * logp - self.critic(s, a_new)).mean()
            self.actor_optim.zero_grad()
            actor_loss.backward()
            self.actor_optim.step()

            alpha_loss = -(self.log_alpha * (logp + self.target_entropy).detach()).mean()
            self.alpha_optim.zero_grad()
            alpha_loss.backward()
            self.alpha_optim.step()
            for p, tp in zip(self.critic.parameters(), self.target.parameters()):
                tp.data.mul_(0.995).add_(0.005 * p.data)
