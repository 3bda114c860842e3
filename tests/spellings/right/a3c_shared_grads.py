import torch


def ensure_shared_grads(model, shared):
    for p, s in zip(model.parameters(), shared.parameters()):
        if s.grad is not None:
            return
        s._grad = p.grad


def worker(rank, shared, model, optimizer, env, steps=20):
    while True:
        model.load_state_dict(shared.state_dict())
        values, logps, rewards = [], [], []
        for _ in range(steps):
            v, logp, r, done = env.rollout(model)
            values.append(v)
            logps.append(logp)
            rewards.append(r)
            if done:
                break
        R = torch.zeros(1)
        policy_loss, value_loss = 0, 0
        for i in reversed(range(len(rewards))):
            R = 0.99 * R + rewards[i]
            adv = R - values[i]
            value_loss = value_loss + 0.5 * adv.pow(2)
            policy_loss = policy_loss - logps[i] * adv.detach()
        optimizer.zero_grad()
        (policy_loss + 0.5 * value_loss).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 40)
        ensure_shared_grads(model, shared)
        optimizer.step()
