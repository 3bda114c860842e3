import torch


def ppo_update(policy, opt, rollout, epochs=4, minibatch=64, clip=0.2):
    n = rollout["obs"].shape[0]
    for _ in range(epochs):
        perm = torch.randperm(n)
        for start in range(0, n, minibatch):
            idx = perm[start : start + minibatch]
            logp, ent, v = policy.evaluate(rollout["obs"][idx], rollout["act"][idx])
            ratio = (logp - rollout["logp"][idx]).exp()
            adv = rollout["adv"][idx]
            pg = -torch.min(ratio * adv, ratio.clamp(1 - clip, 1 + clip) * adv).mean()
            loss = pg + 0.5 * (v - rollout["ret"][idx]).pow(2).mean() - 0.01 * ent.mean()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(policy.parameters(), 0.5)
            opt.step()  # expect: ACC001
