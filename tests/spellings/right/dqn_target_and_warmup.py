import copy
import random

import torch
import torch.nn.functional as F


def train(env, qnet, buffer, total_steps=50_000, learn_start=1000, train_freq=4, target_freq=1000, gamma=0.99):
    target = copy.deepcopy(qnet)
    optimizer = torch.optim.Adam(qnet.parameters(), lr=1e-4)
    obs, _ = env.reset()
    for step in range(total_steps):
        eps = max(0.05, 1 - step / 10_000)
        with torch.no_grad():
            action = env.action_space.sample() if random.random() < eps else int(qnet(obs).argmax())
        nxt, rew, term, trunc, _ = env.step(action)
        buffer.add(obs, action, rew, nxt, term)
        obs = env.reset()[0] if term or trunc else nxt
        if step < learn_start:
            continue
        if step % train_freq == 0:
            s, a, r, s2, d = buffer.sample(32)
            with torch.no_grad():
                y = r + gamma * target(s2).max(1).values * (1 - d)
            loss = F.smooth_l1_loss(qnet(s).gather(1, a).squeeze(1), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        if step % target_freq == 0:
            target.load_state_dict(qnet.state_dict())
