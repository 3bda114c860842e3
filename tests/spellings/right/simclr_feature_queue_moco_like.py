import torch
import torch.nn.functional as F


def train(encoder_q, encoder_k, loader, K=65536, m=0.999, T=0.07):
    queue = F.normalize(torch.randn(128, K), dim=0)
    ptr = 0
    opt = torch.optim.SGD(encoder_q.parameters(), 0.03, momentum=0.9)
    for im_q, im_k in loader:
        q = F.normalize(encoder_q(im_q), dim=1)
        with torch.no_grad():
            for pq, pk in zip(encoder_q.parameters(), encoder_k.parameters()):
                pk.data = pk.data * m + pq.data * (1.0 - m)
            k = F.normalize(encoder_k(im_k), dim=1)
        logits = torch.cat([(q * k).sum(1, keepdim=True), q @ queue], dim=1) / T
        loss = F.cross_entropy(logits, torch.zeros(logits.shape[0], dtype=torch.long))
        opt.zero_grad()
        loss.backward()
        opt.step()
        n = k.shape[0]
        queue[:, ptr : ptr + n] = k.T
        ptr = (ptr + n) % K
