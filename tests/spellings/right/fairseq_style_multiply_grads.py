import torch


def train_step(model, criterion, optimizer, samples):
    optimizer.zero_grad()
    sample_size = 0
    for sample in samples:
        loss, n, log = criterion(model, sample)
        optimizer.backward(loss)
        sample_size += n
    optimizer.multiply_grads(1.0 / sample_size)
    optimizer.clip_grad_norm(0.1)
    optimizer.step()
