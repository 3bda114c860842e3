import torch
import torch.nn.functional as F


def train_on_policy(policy, optimizer, rollouts, subbatch_size, epochs=4):
    for _ in range(epochs):
        optimizer.zero_grad()
        n_sub = len(rollouts) // subbatch_size
        for j in range(n_sub):
            sub = rollouts[j * subbatch_size : (j + 1) * subbatch_size]
            loss = -(policy.log_prob(sub.obs, sub.act) * sub.adv).mean()
            loss.backward()  # expect: ACC003
        torch.nn.utils.clip_grad_norm_(policy.parameters(), 0.5)
        optimizer.step()
