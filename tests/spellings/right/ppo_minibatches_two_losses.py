import torch


def ppo_update(policy, value, opt, rollout, epochs=4, minibatch=64, clip=0.2, max_grad=0.5, target_kl=0.02):
    n = rollout["obs"].shape[0]
    for _ in range(epochs):
        perm = torch.randperm(n)
        stop = False
        for start in range(0, n, minibatch):
            idx = perm[start : start + minibatch]
            dist = policy(rollout["obs"][idx])
            logp = dist.log_prob(rollout["act"][idx])
            ratio = (logp - rollout["logp"][idx]).exp()
            adv = rollout["adv"][idx]
            pi_loss = -torch.min(ratio * adv, ratio.clamp(1 - clip, 1 + clip) * adv).mean()
            v_loss = (value(rollout["obs"][idx]).squeeze(-1) - rollout["ret"][idx]).pow(2).mean()
            loss = pi_loss + 0.5 * v_loss - 0.01 * dist.entropy().mean()
            kl = (rollout["logp"][idx] - logp).mean().item()
            if kl > target_kl:
                stop = True
                break
            opt.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*policy.parameters(), *value.parameters()], max_grad)
            opt.step()
        if stop:
            break
