import torch
import torch.nn.functional as F


def train(agent, env, buffer, opt, total, warmup=1000, batch=64):
    obs = env.reset()
    for t in range(total):
        act = env.action_space.sample() if t < warmup else agent.act(obs)
        nxt, r, done, _ = env.step(act)
        buffer.push(obs, act, r, nxt, done)
        obs = env.reset() if done else nxt
        if len(buffer) < batch or t < warmup:
            continue
        s, a, rew, s2, d = buffer.sample(batch)
        loss = F.mse_loss(agent.q(s, a), agent.target(rew, s2, d))
        loss.backward()
        opt.step()  # expect: ACC001
