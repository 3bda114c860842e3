import torch


def grpo_update(policy, optimizer, rollouts, num_micro, clip=0.2):
    policy.train()
    optimizer.zero_grad()
    for ids, mask, old, adv in zip(*(rollouts[k].chunk(num_micro) for k in ("ids", "mask", "old", "adv"))):
        logp = policy(ids)
        ratio = torch.exp(logp - old)
        per_token = -torch.min(ratio * adv[:, None], ratio.clamp(1 - clip, 1 + clip) * adv[:, None])
        loss = ((per_token * mask).sum(1) / mask.sum(1)).mean()
        loss.backward()  # expect: ACC003
    torch.nn.utils.clip_grad_norm_(policy.parameters(), 1.0)
    optimizer.step()
