import torch


def train(model, videos, opt, crit):
    for frames, target in videos:
        opt.zero_grad()
        for f in frames:
            loss = crit(model(f[None]), target) / len(frames)
            loss.backward()
        opt.step()
