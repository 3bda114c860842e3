TOTAL_BATCH = 524288
B, T = 16, 1024


def train(model, loader, optimizer, steps):
    grad_accum_steps = TOTAL_BATCH // (B * T)
    for step in range(steps):
        optimizer.zero_grad()
        for micro in range(grad_accum_steps):
            x, y = loader.next_batch()
            _, loss = model(x, y)
            loss = loss / grad_accum_steps
            loss.backward()
        optimizer.step()
