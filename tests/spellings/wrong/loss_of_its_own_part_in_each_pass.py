import torch.nn.functional as F


def step(encoder, images, labels, optimizer, accum_steps):
    optimizer.zero_grad()
    n = images.shape[0] // accum_steps
    for k in range(accum_steps):
        part = encoder(images[k * n : (k + 1) * n])
        part[:, :1] = 0.0
        F.cross_entropy(part, labels[k * n : (k + 1) * n]).backward()  # expect: ACC003
    optimizer.step()


def train(encoder, loader, optimizer, accum_steps):
    for images, labels in loader:
        step(encoder, images, labels, optimizer, accum_steps)
