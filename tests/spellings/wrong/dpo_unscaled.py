import torch
import torch.nn.functional as F


def dpo_loss(pc, pr, rc, rr, beta=0.1):
    return -F.logsigmoid(beta * ((pc - pr) - (rc - rr))).mean()


def train(policy, reference, loader, optimizer, grad_accum, max_steps):
    step, micro = 0, 0
    optimizer.zero_grad()
    while step < max_steps:
        for batch in loader:
            with torch.no_grad():
                rc, rr = reference.logps(batch)
            pc, pr = policy.logps(batch)
            dpo_loss(pc, pr, rc, rr).backward()  # expect: ACC003
            micro += 1
            if micro % grad_accum:
                continue
            torch.nn.utils.clip_grad_norm_(policy.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            step += 1
            if step >= max_steps:
                break
