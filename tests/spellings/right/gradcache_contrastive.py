import torch
import torch.nn.functional as F


def grad_cache_step(encoder, optimizer, queries, docs, chunk=8, temp=0.05):
    optimizer.zero_grad()
    q_chunks, d_chunks = queries.split(chunk), docs.split(chunk)
    with torch.no_grad():
        q = torch.cat([encoder(c) for c in q_chunks])
        d = torch.cat([encoder(c) for c in d_chunks])
    q.requires_grad_(True)
    d.requires_grad_(True)
    logits = q @ d.t() / temp
    loss = F.cross_entropy(logits, torch.arange(len(q)))
    loss.backward()
    for c, g in zip(q_chunks, q.grad.split(chunk)):
        rep = encoder(c)
        torch.sum(rep * g).backward()
    for c, g in zip(d_chunks, d.grad.split(chunk)):
        rep = encoder(c)
        torch.sum(rep * g).backward()
    optimizer.step()
    return loss.item()


def train(encoder, loader, optimizer):
    for queries, docs in loader:
        grad_cache_step(encoder, optimizer, queries, docs)
