import torch
import torch.nn.functional as F


class SAC:
    def __init__(self, actor, q1, q2, target, lr=3e-4, gamma=0.99):
        self.actor, self.q1, self.q2, self.target = actor, q1, q2, target
        self.gamma = gamma
        self.log_alpha = torch.zeros(1, requires_grad=True)
        self.opt_actor = torch.optim.Adam(actor.parameters(), lr)
        self.opt_q = torch.optim.Adam([*q1.parameters(), *q2.parameters()], lr)
        self.opt_alpha = torch.optim.Adam([self.log_alpha], lr)

    def update(self, replay, updates):
        for _ in range(updates):
            s, a, r, s2, d = replay.sample(256)
            with torch.no_grad():
                a2, lp2 = self.actor(s2)
                y = r + self.gamma * (1 - d) * (self.target(s2, a2) - self.log_alpha.exp() * lp2)
            q_loss = F.mse_loss(self.q1(s, a), y) + F.mse_loss(self.q2(s, a), y)
            self.opt_q.zero_grad()
            q_loss.backward()
            self.opt_q.step()

            pi, lp = self.actor(s)
            actor_loss = (self.log_alpha.exp().detach() * lp - torch.min(self.q1(s, pi), self.q2(s, pi))).mean()
            self.opt_actor.zero_grad()
            actor_loss.backward()
            self.opt_actor.step()

            alpha_loss = -(self.log_alpha * (lp + 6).detach()).mean()
            self.opt_alpha.zero_grad()
            alpha_loss.backward()
            self.opt_alpha.step()
