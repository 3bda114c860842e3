import torch


def grpo_update(policy, optimizer, rollouts, micro_bs, clip=0.2):
    policy.train()
    optimizer.zero_grad()
    n = len(rollouts["ids"])
    for k in range(0, n, micro_bs):
        ids = rollouts["ids"][k : k + micro_bs]
        mask = rollouts["mask"][k : k + micro_bs]
        logp = policy(ids)
        ratio = torch.exp(logp - rollouts["old"][k : k + micro_bs])
        adv = rollouts["adv"][k : k + micro_bs, None]
        per_token = -torch.min(ratio * adv, ratio.clamp(1 - clip, 1 + clip) * adv)
        per_seq = (per_token * mask).sum(1) / mask.sum(1)
        loss = per_seq.mean() * (len(ids) / n)
        loss.backward()
    torch.nn.utils.clip_grad_norm_(policy.parameters(), 1.0)
    optimizer.step()
