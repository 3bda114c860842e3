import time

import torch


def benchmark(model, batch, iters=30):
    opt = torch.optim.SGD(model.parameters(), lr=0.0)
    for _ in range(5):
        model(batch).sum().backward()
        opt.zero_grad()
    torch.cuda.synchronize()
    t0 = time.perf_counter()
    for _ in range(iters):
        model(batch).sum().backward()
        opt.zero_grad()
    torch.cuda.synchronize()
    return (time.perf_counter() - t0) / iters
