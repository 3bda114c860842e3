import torch
from torch.distributions import Categorical


def rollout(env, policy):
    obs, _ = env.reset()
    logps, total, done = [], 0.0, False
    while not done:
        dist = Categorical(logits=policy(torch.as_tensor(obs)))
        a = dist.sample()
        logps.append(dist.log_prob(a))
        obs, r, term, trunc, _ = env.step(a.item())
        total += r
        done = term or trunc
    return -torch.stack(logps).sum() * total


def train(env, policy, optimizer, updates=500, episodes_per_update=8):
    for update in range(updates):
        for _ in range(episodes_per_update):
            optimizer.zero_grad()  # expect: ACC002
            loss = rollout(env, policy) / episodes_per_update
            loss.backward()
        optimizer.step()
