"""Each backward is of a contrastive loss over the whole window's features, one micro-batch of which carries gradients: they add up."""

import torch


def train(model, loader, criterion, optimizer, accum):
    batches, kept = [], {}
    for i, images in enumerate(loader):
        with torch.no_grad():
            for key, value in model(images).items():
                if key in kept:
                    kept[key].append(value)
                else:
                    kept[key] = [value]
        batches.append(images)
        if (i + 1) % accum:
            continue
        optimizer.zero_grad()
        for j in range(accum):
            made = model(batches[j])
            inputs = {}
            for key in kept:
                features = kept[key]
                inputs[key] = torch.cat(features[:j] + [made[key]] + features[j + 1 :])
            criterion(**inputs).backward()
        optimizer.step()
        batches, kept = [], {}
