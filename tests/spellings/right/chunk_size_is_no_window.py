"""A roll-out in chunks of so many samples, and one step behind all of them: how many chunks there are, nothing says."""


def optimize(model, optimizer, rollout, micro_batch, epochs, tokens):
    for _ in range(epochs):
        optimizer.zero_grad()
        for start in range(0, len(rollout), micro_batch):
            loss = model(rollout[start : start + micro_batch]).sum() / tokens
            loss.backward()
        optimizer.step()


def optimize_on(model, optimizer, rollout, micro_batch_size, tokens):
    optimizer.zero_grad()
    start = 0
    while start < len(rollout):
        loss = model(rollout[start : start + micro_batch_size]).sum() / tokens
        loss.backward()
        start += micro_batch_size
    optimizer.step()
