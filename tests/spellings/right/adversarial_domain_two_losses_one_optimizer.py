import torch


def dann(feat, cls, dom, src, tgt, opt, crit, lam):
    for (xs, ys), (xt, _) in zip(src, tgt):
        opt.zero_grad()
        fs, ft = feat(xs), feat(xt)
        ce = crit(cls(fs), ys)
        ce.backward(retain_graph=True)
        d = dom(torch.cat([fs, ft]))
        dl = torch.nn.functional.binary_cross_entropy_with_logits(d, torch.cat([torch.ones(len(fs), 1), torch.zeros(len(ft), 1)]))
        (lam * dl).backward()
        opt.step()
