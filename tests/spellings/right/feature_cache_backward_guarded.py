import torch


def train(encoder, head, loader, optimizer, contrastive, cache_size=8):
    feats = []
    for i, (a, b) in enumerate(loader):
        optimizer.zero_grad()
        feats.append((encoder(a), encoder(b)))
        if len(feats) == cache_size or i + 1 == len(loader):
            q = torch.cat([f[0] for f in feats])
            k = torch.cat([f[1] for f in feats])
            loss = contrastive(head(q), head(k))
            loss.backward()
            optimizer.step()
            feats = []
