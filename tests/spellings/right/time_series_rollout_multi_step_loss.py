import torch


def train(model, loader, opt, crit, horizon=8):
    for seq in loader:
        opt.zero_grad()
        state = seq[:, 0]
        loss = 0
        for t in range(1, horizon):
            state = model(state)
            loss = loss + crit(state, seq[:, t])
        loss = loss / (horizon - 1)
        loss.backward()
        opt.step()
