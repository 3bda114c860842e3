import torch
import torch.nn.functional as F


class MoCo:
    def __init__(self, q, k, m=0.999):
        self.q, self.k, self.m = q, k, m
        for p, t in zip(q.parameters(), k.parameters()):
            t.data.copy_(p.data)
            t.requires_grad = False

    @torch.no_grad()
    def momentum_update(self):
        for p, t in zip(self.q.parameters(), self.k.parameters()):
            t.data.mul_(self.m).add_(p.data, alpha=1 - self.m)


def train(moco, loader, queue, temp=0.07):
    optimizer = torch.optim.SGD(moco.q.parameters(), lr=0.03, momentum=0.9, weight_decay=1e-4)
    for im_q, im_k in loader:
        q = F.normalize(moco.q(im_q), dim=1)
        with torch.no_grad():
            moco.momentum_update()
            k = F.normalize(moco.k(im_k), dim=1)
        logits = torch.cat([(q * k).sum(1, keepdim=True), q @ queue.clone().detach()], 1) / temp
        loss = F.cross_entropy(logits, torch.zeros(len(q), dtype=torch.long))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        queue.enqueue(k)
