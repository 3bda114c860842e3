import torch
import torch.nn.functional as F


def contrastive(model, loss_fn, loader, optimizer, args):
    texts, features = [], {}
    for i, batch in enumerate(loader):
        with torch.no_grad():
            for key, value in model(batch).items():
                features.setdefault(key, []).append(value)
            texts.append(batch)
        if (i + 1) % args.accum_freq > 0:
            continue
        optimizer.zero_grad()
        for j in range(args.accum_freq):
            out = model(texts[j])
            inputs = {}
            for key, cached in features.items():
                inputs[key] = torch.cat(cached[:j] + [out[key]] + cached[j + 1 :])
            loss_fn(**inputs).backward()
        optimizer.step()
        texts, features = [], {}


def two_towers(encoder, images, labels, optimizer, accum_steps):
    parts = images.chunk(accum_steps)
    with torch.no_grad():
        cached = torch.cat([encoder(part) for part in parts])
    optimizer.zero_grad()
    n = images.shape[0] // accum_steps
    for k in range(accum_steps):
        live = cached.clone()
        live[k * n : (k + 1) * n] = encoder(parts[k])
        F.cross_entropy(live @ live.T, labels).backward()
    optimizer.step()


def train(encoder, loader, optimizer, accum_steps):
    for images, labels in loader:
        two_towers(encoder, images, labels, optimizer, accum_steps)
