import torch
import torch.nn as nn
import torch.nn.functional as F


class Gen(nn.Module):
    def nll(self, x):
        return F.cross_entropy(self(x[:, :-1]).transpose(1, 2), x[:, 1:])


def mle(gen, opt, data, bs):
    for i in range(0, len(data), bs):
        opt.zero_grad()
        gen.nll(data[i : i + bs]).backward()
        opt.step()


def policy_gradient(gen, opt, reward, accum):
    opt.zero_grad()
    for _ in range(accum):
        s, lp = gen.sample()
        (-(lp * reward(s)).mean() / accum).backward()
    opt.step()


def main(gen, reward, data):
    opt = torch.optim.Adam(gen.parameters(), lr=1e-3)
    for e in range(20):
        mle(gen, opt, data, 32)
    opt = torch.optim.Adam(gen.parameters(), lr=1e-5)
    for it in range(1000):
        policy_gradient(gen, opt, reward, 8)
        if it % 10 == 0:
            mle(gen, opt, data, 32)
