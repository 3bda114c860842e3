import torch
import torch.nn as nn
import torch.nn.functional as F


def train(env, model, n, accum):
    opt = torch.optim.Adam(model.parameters())
    for it in range(100):
        buffer = []
        s = env.reset()
        while len(buffer) < n:
            a = model.act(s)
            s2, r, d, _ = env.step(a)
            buffer.append((s, a, r))
            s = env.reset() if d else s2
        opt.zero_grad()
        for i, (s_, a_, r_) in enumerate(buffer):
            (model.loss(s_, a_, r_) / accum).backward()
            if (i + 1) % accum == 0 or i == len(buffer) - 1:
                opt.step()
                opt.zero_grad()
