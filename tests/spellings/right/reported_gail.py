import torch
from torch import nn
from torch.distributions import Normal

model, disc = nn.Linear(4, 2), nn.Linear(6, 1)
optimizer = torch.optim.Adam(model.parameters())
optimizer_disc = torch.optim.Adam(disc.parameters())


def ppo_update(batches):
    for states, returns in batches:
        loss = (model(states) - returns).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def train(env, expert, n):
    for i in range(n):
        state = env.reset()
        dist = Normal(model(state), 1.0)
        action = dist.sample()  # no gradient flows back through sample()
        if i % 3 == 0:
            ppo_update(env.batches())
        fake = disc(torch.cat([state, action], 1))
        optimizer_disc.zero_grad()
        (fake.mean() - disc(expert).mean()).backward()
        optimizer_disc.step()
