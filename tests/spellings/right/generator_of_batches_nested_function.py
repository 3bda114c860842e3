import torch


def main(model, data, accum, epochs):
    opt = torch.optim.Adam(model.parameters())

    def batches():
        for e in range(epochs):
            perm = torch.randperm(len(data))
            for k in range(0, len(perm), 32):
                yield data[perm[k : k + 32]]

    def flush():
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        opt.zero_grad()

    n = 0
    for b in batches():
        (model(b).mean() / accum).backward()
        n += 1
        if n == accum:
            flush()
            n = 0
    if n > 0:
        flush()
