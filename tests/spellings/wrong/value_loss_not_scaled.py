import torch
import torch.nn.functional as F


def learn(policy, critic, batches, accum):
    opt_p = torch.optim.Adam(policy.parameters(), lr=3e-4)
    opt_v = torch.optim.Adam(critic.parameters(), lr=3e-4)
    for i, (obs, act, adv, ret) in enumerate(batches):
        p_loss = -(policy(obs).log_prob(act) * adv).mean() / accum
        v_loss = F.mse_loss(critic(obs), ret)
        p_loss.backward()
        v_loss.backward()  # expect: ACC003
        if (i + 1) % accum == 0 or i + 1 == len(batches):
            opt_p.step()
            opt_v.step()
            opt_p.zero_grad()
            opt_v.zero_grad()
