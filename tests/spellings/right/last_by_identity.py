def epoch(model, opt, batches, accum):
    held = 0
    for batch in batches:
        loss = model(batch) / accum
        loss.backward()
        held += 1
        if held == accum or batch is batches[-1]:
            opt.step()
            held = 0
            opt.zero_grad()
