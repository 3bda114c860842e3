import torch
import torch.nn.functional as F


def ddpg(actor, critic, actor_t, critic_t, buf, steps, gamma=0.99):
    a_opt = torch.optim.Adam(actor.parameters(), 1e-4)
    c_opt = torch.optim.Adam(critic.parameters(), 1e-3)
    for _ in range(steps):
        s, a, r, s2, d = buf.sample(64)
        with torch.no_grad():
            y = r + gamma * (1 - d) * critic_t(s2, actor_t(s2))
        loss_c = F.mse_loss(critic(s, a), y)
        c_opt.zero_grad()
        loss_c.backward()
        c_opt.step()
        loss_a = -critic(s, actor(s)).mean()
        a_opt.zero_grad()
        loss_a.backward()
        a_opt.step()
