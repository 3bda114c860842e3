import torch
import torch.nn.functional as F


def dqn(q, target, buf, steps, target_update_freq=1000, update_freq=4, gamma=0.99):
    opt = torch.optim.Adam(q.parameters(), 1e-4)
    for step in range(steps):
        buf.collect(q)
        if step % update_freq == 0:
            s, a, r, s2, d = buf.sample(32)
            with torch.no_grad():
                y = r + gamma * (1 - d) * target(s2).max(1).values
            loss = F.smooth_l1_loss(q(s).gather(1, a).squeeze(1), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
        if step % target_update_freq == 0:
            target.load_state_dict(q.state_dict())
