import torch
import torch.nn.functional as F


def dpo(policy, ref, loader, beta=0.1, grad_accum=8, lr=5e-7):
    opt = torch.optim.RMSprop(policy.parameters(), lr=lr)
    ref.eval()
    for i, b in enumerate(loader):
        pc, pr = policy.logps(b["chosen"]), policy.logps(b["rejected"])
        with torch.no_grad():
            rc, rr = ref.logps(b["chosen"]), ref.logps(b["rejected"])
        loss = -F.logsigmoid(beta * ((pc - pr) - (rc - rr))).mean()
        (loss / grad_accum).backward()
        if (i + 1) % grad_accum == 0 or i + 1 == len(loader):
            torch.nn.utils.clip_grad_norm_(policy.parameters(), 10.0)
            opt.step()
            opt.zero_grad(set_to_none=True)
