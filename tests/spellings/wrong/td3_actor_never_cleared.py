import torch
import torch.nn.functional as F


class TD3:
    def __init__(self, actor, critic, target):
        self.actor, self.critic, self.target = actor, critic, target
        self.actor_optimizer = torch.optim.Adam(actor.parameters(), lr=3e-4)
        self.critic_optimizer = torch.optim.Adam(critic.parameters(), lr=3e-4)

    def train(self, replay, iterations):
        for it in range(iterations):
            s, a, s2, r, nd = replay.sample(256)
            with torch.no_grad():
                y = r + nd * 0.99 * self.target(s2)
            critic_loss = F.mse_loss(self.critic(s, a), y)
            self.critic_optimizer.zero_grad()
            critic_loss.backward()
            self.critic_optimizer.step()
            if it % 2 == 0:
                actor_loss = -self.critic(s, self.actor(s)).mean()
                actor_loss.backward()
                self.actor_optimizer.step()  # expect: ACC001
