import torch
import torch.nn.functional as F


def fit(encoder, loader, accum, epochs):
    opt = torch.optim.Adam(encoder.parameters())
    for epoch in range(epochs):
        for i, (q, p) in enumerate(loader):
            labels = torch.arange(len(q), device=q.device)
            loss = F.cross_entropy(encoder(q) @ encoder(p).t(), labels)
            (loss / accum).backward()
            if (i + 1) % accum == 0 or i + 1 == len(loader):
                opt.step()
                opt.zero_grad()
