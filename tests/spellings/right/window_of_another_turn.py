import argparse

import torch


def main(G, D, loader):
    parser = argparse.ArgumentParser()
    parser.add_argument("--g_accum", type=int, default=1)
    parser.add_argument("--d_accum", type=int, default=1)
    parser.add_argument("--d_steps", type=int, default=2)
    args = parser.parse_args()
    g_opt, d_opt = torch.optim.Adam(G.parameters()), torch.optim.Adam(D.parameters())
    for real in loader:
        for _ in range(args.d_steps):
            d_opt.zero_grad()
            for _ in range(args.d_accum):
                ((D(G(torch.randn(8, 128))).mean() - D(real).mean()) / args.d_accum).backward()
            d_opt.step()
        g_opt.zero_grad()
        for _ in range(args.g_accum):
            (-D(G(torch.randn(8, 128))).mean() / args.g_accum).backward()
        g_opt.step()
