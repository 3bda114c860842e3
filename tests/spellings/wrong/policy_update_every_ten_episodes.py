import torch


def reinforce(env, policy, episodes=500):
    opt = torch.optim.Adam(policy.parameters())
    losses = []
    for ep in range(episodes):
        losses.append(policy.rollout_loss(env))
        if (ep + 1) % 10 == 0:
            torch.stack(losses).mean().backward()
            opt.step()  # expect: ACC001
            losses = []
