import torch


def train(net, dl, opt, lossf, every=4):
    for idx, (a, b) in enumerate(dl):
        lossf(net(a), b).div(every).backward()
        if (idx + 1) % every == 0 or idx == len(dl) - 1:
            torch.nn.utils.clip_grad_value_(net.parameters(), 0.5)
            opt.step()
        opt.zero_grad()  # expect: ACC002
