import torch


def train(model, loader, compute_loss, opt, epochs, batch_size=16, nominal=64):
    accumulate = max(round(nominal / batch_size), 1)
    batches = len(loader)
    warm = max(3 * batches, 100)
    last = -1
    for epoch in range(epochs):
        for i, (images, targets) in enumerate(loader):
            done = i + batches * epoch
            if done <= warm:
                accumulate = max(1, round(1 + (nominal / batch_size - 1) * done / warm))
            loss = compute_loss(model(images), targets) * batch_size
            loss.backward()
            if done - last >= accumulate:
                torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=10.0)
                opt.step()
                opt.zero_grad()
                last = done
