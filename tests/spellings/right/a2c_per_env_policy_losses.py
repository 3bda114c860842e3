import torch


def finish_episode(model, optimizer, saved, rewards, gamma=0.99):
    R, returns = 0, []
    for r in rewards[::-1]:
        R = r + gamma * R
        returns.insert(0, R)
    returns = torch.tensor(returns)
    policy_losses, value_losses = [], []
    for (log_prob, value), R in zip(saved, returns):
        adv = R - value.item()
        policy_losses.append(-log_prob * adv)
        value_losses.append(torch.nn.functional.smooth_l1_loss(value, torch.tensor([R])))
    optimizer.zero_grad()
    loss = torch.stack(policy_losses).sum() + torch.stack(value_losses).sum()
    loss.backward()
    optimizer.step()


def main(env, model, episodes):
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-2)
    for ep in range(episodes):
        saved, rewards = rollout(env, model)
        finish_episode(model, optimizer, saved, rewards)


def rollout(env, model):
    s, saved, rewards = env.reset(), [], []
    done = False
    while not done:
        probs, v = model(s)
        m = torch.distributions.Categorical(probs)
        a = m.sample()
        s, r, done, _ = env.step(a.item())
        saved.append((m.log_prob(a), v))
        rewards.append(r)
    return saved, rewards
