import torch


def train(model, loader, optimizer, loss_fn, accum_freq):
    accum_images, accum_features = [], []
    for i, images in enumerate(loader):
        with torch.no_grad():
            accum_features.append(model(images))
        accum_images.append(images)
        if (i + 1) % accum_freq > 0:
            continue
        optimizer.zero_grad()
        for j in range(accum_freq):
            out = model(accum_images[j])
            # the whole batch's contrastive loss, of which only part j carries a gradient: the sum needs no 1/N
            features = torch.cat(accum_features[:j] + [out] + accum_features[j + 1 :])
            loss = loss_fn(features)
            loss.backward()
        optimizer.step()
        accum_images, accum_features = [], []
