"""A roll-out in chunks of so many samples, each of them cleared of the one before: only the last is trained on."""


def optimize(model, optimizer, rollout, micro_batch, epochs, tokens):
    for _ in range(epochs):
        for start in range(0, len(rollout), micro_batch):
            optimizer.zero_grad()  # expect: ACC002
            loss = model(rollout[start : start + micro_batch]).sum() / tokens
            loss.backward()
        optimizer.step()
