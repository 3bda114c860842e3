import torch
from torch.distributions import Categorical


def train(env, policy, optimizer, updates=500, episodes_per_update=8, gamma=0.99):
    for update in range(updates):
        optimizer.zero_grad()
        returns_log = []
        for _ in range(episodes_per_update):
            obs, _ = env.reset()
            logps, rewards, done = [], [], False
            while not done:
                dist = Categorical(logits=policy(torch.as_tensor(obs)))
                action = dist.sample()
                logps.append(dist.log_prob(action))
                obs, r, term, trunc, _ = env.step(action.item())
                rewards.append(r)
                done = term or trunc
            g, returns = 0.0, []
            for r in reversed(rewards):
                g = r + gamma * g
                returns.insert(0, g)
            loss = -(torch.stack(logps) * torch.tensor(returns)).sum() / episodes_per_update
            loss.backward()
            returns_log.append(returns[0])
        optimizer.step()
