import torch


def train(model, videos, opt, crit):
    for frames, target in videos:
        for f in frames:
            opt.zero_grad()  # expect: ACC002
            loss = crit(model(f[None]), target) / len(frames)
            loss.backward()
        opt.step()
