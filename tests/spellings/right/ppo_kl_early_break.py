import torch
import torch.nn.functional as F


def update(buf, ac, pi_optimizer, vf_optimizer, train_pi_iters=80, train_v_iters=80, target_kl=0.01, clip=0.2):
    data = buf.get()
    for i in range(train_pi_iters):
        pi_optimizer.zero_grad()
        logp = ac.pi.log_prob(data["obs"], data["act"])
        ratio = torch.exp(logp - data["logp"])
        clip_adv = torch.clamp(ratio, 1 - clip, 1 + clip) * data["adv"]
        loss_pi = -(torch.min(ratio * data["adv"], clip_adv)).mean()
        kl = (data["logp"] - logp).mean().item()
        if kl > 1.5 * target_kl:
            print("Early stopping at step %d due to reaching max kl." % i)
            break
        loss_pi.backward()
        pi_optimizer.step()
    for i in range(train_v_iters):
        vf_optimizer.zero_grad()
        loss_v = ((ac.v(data["obs"]) - data["ret"]) ** 2).mean()
        loss_v.backward()
        vf_optimizer.step()
