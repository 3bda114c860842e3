import torch
import torch.nn.functional as F


def learn(qnet, target, buffer, optimizer, steps, tau=0.005):
    for _ in range(steps):
        s, a, r, s2, d = buffer.sample(64)
        with torch.no_grad():
            y = r + 0.99 * (1 - d) * target(s2).max(1).values
        loss = F.mse_loss(qnet(s).gather(1, a).squeeze(1), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        for p, t in zip(qnet.parameters(), target.parameters()):
            t.data.lerp_(p.data, tau)
        optimizer.step()  # expect: ACC005
