import torch


def grpo_update(policy, optimizer, batch, mini_batch, micro_batch, clip=0.2):
    n = batch["tokens"].size(0)
    for s in range(0, n, mini_batch):
        mb = {k: v[s : s + mini_batch] for k, v in batch.items()}
        m = mb["tokens"].size(0)
        optimizer.zero_grad()
        for u in range(0, m, micro_batch):
            ub = {k: v[u : u + micro_batch] for k, v in mb.items()}
            logp = policy(ub["tokens"])
            ratio = (logp - ub["old_logp"]).exp()
            a = ub["adv"].unsqueeze(1)
            loss = -torch.min(ratio * a, ratio.clamp(1 - clip, 1 + clip) * a)
            loss = (loss * ub["mask"]).sum() / mb["mask"].sum()
            loss.backward()
        torch.nn.utils.clip_grad_norm_(policy.parameters(), 1.0)
        optimizer.step()
